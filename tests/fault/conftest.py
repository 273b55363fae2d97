"""Servers to be hurt, and the folders and databases they are hurt in."""

import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.databases import GIVEN_SERVER, as_superuser, new_database
from tests.fault.process import Server
from tests.serving import running

from counterfoil.store import embedded

# Where the tests run under nohup, servers must not inherit that hang-ups are ignored.
signal.signal(signal.SIGHUP, signal.SIG_DFL)

Serve = Callable[..., Server]


@pytest.fixture(scope="session")
def stopped_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder on the sample that no server runs in; to be copied, not used."""
    folder = tmp_path_factory.mktemp("sample") / "data"
    with running("--sample", data=folder):
        pass
    return folder


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A data folder that isn't there yet."""
    return tmp_path / "data"


@pytest.fixture
def data(fresh: Path, stopped_sample: Path) -> Path:
    """A data folder of the test's own on the sample, so that a start takes no time."""
    shutil.copytree(stopped_sample, fresh)
    return fresh


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts servers, and leaves none behind."""
    servers: list[Server] = []

    def start(data: Path, *options: str, log: int | None = None, **variables: str) -> Server:
        servers.append(Server(data, *options, log=log, **variables))
        return servers[-1]

    yield start
    for server in servers:
        server.clean_up()


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The DSN of the superuser of a PostgreSQL that no server of ours has started."""
    folder = tmp_path_factory.mktemp("postgresql") / "data"
    server = embedded.start(folder)
    yield as_superuser(embedded.dsn(folder))
    server.stop()


@pytest.fixture(params=["embedded", *(["given"] if GIVEN_SERVER else [])])
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """The DSN of an empty database; its tests are marked `dsn`."""
    is_given = request.param == "given"
    with new_database(GIVEN_SERVER if is_given else request.getfixturevalue("postgresql")) as dsn:
        yield dsn
