"""The official clients, pointed at the sample."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.contract.clients import Clients
from tests.contract.house import House
from tests.contract.listed_book import serving_listed
from tests.contract.node_client import Node, running_node
from tests.serving import Running, running

from counterfoil.store import embedded


@pytest.fixture(scope="session", autouse=True)
def _no_proxy() -> Iterator[None]:
    """All servers here are on loopback, where a developer's proxy has no business."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            patch.delenv(name, raising=False)
            patch.delenv(name.upper(), raising=False)
        yield


@pytest.fixture(scope="session")
def written_server() -> Iterator[Running]:
    """A server on the sample that tests write to, each in a house of its own."""
    with running("--sample", "--no-rate-limit") as server:
        yield server


@pytest.fixture
def house(written_server: Running) -> Iterator[House]:
    """A partner tree of the test's own, whose books must hold in the end."""
    house = House(written_server.address, embedded.dsn(written_server.data))
    yield house
    assert house.broken() == []


@pytest.fixture(scope="session")
def node() -> Iterator[Node]:
    with running_node() as process:
        yield process


@pytest.fixture(scope="session")
def tccli_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tccli-home")


@pytest.fixture(scope="session")
def clients(sample_server: Running, node: Node, tccli_home: Path) -> Clients:
    """Clients of the shared sample, which has no rate limits."""
    return Clients(sample_server.address, node, tccli_home)


@pytest.fixture(scope="session")
def listed(node: Node, tccli_home: Path) -> Iterator[Clients]:
    """Clients of a server on the book of lists, read only."""
    with serving_listed() as server:
        yield Clients(server.address, node, tccli_home)
