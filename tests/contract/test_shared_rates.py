"""Servers that share a Redis count together; without it each goes on by itself."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from tests.contract.raw import BILLING, Draft, ask
from tests.serving import COMMAND, Running, environment, running

RATE = 5
LIMIT = "RequestLimitExceeded"
TIMEOUT_S = 30
REDIS = shutil.which("redis-server")

pytestmark = pytest.mark.skipif(
    REDIS is None, reason="redis-server is not on this machine; .ci/run installs it"
)


@contextmanager
def redis(folder: Path) -> Iterator[None]:
    """A Redis that listens on a socket in a folder alone."""
    socket = folder / "redis.sock"
    assert REDIS is not None
    options = ["--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", str(folder)]
    with subprocess.Popen([REDIS, *options], stdout=subprocess.DEVNULL) as process:
        try:
            deadline = time.monotonic() + TIMEOUT_S
            while not socket.exists():
                assert time.monotonic() < deadline
                time.sleep(0.02)
            yield
        finally:
            process.terminate()
            process.wait(TIMEOUT_S)


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[list[Running]]:
    """Two servers of one database that know one store, which does not run yet."""
    store = f"unix://{tmp_path / 'redis.sock'}"
    rates = f"{BILLING.action}={RATE}"
    with ExitStack() as stack:
        yield [
            stack.enter_context(
                running("--sample", "--rates", rates, "--rate-store", store, data=tmp_path / "data")
            )
            for _ in range(2)
        ]


def passed_in_a_second(servers: list[Running]) -> int:
    """How many of 15 calls at each server get through when all fall into one second."""
    while True:
        time.sleep(1 - time.time() % 1)
        second = int(time.time())
        codes = [
            ask(server.address, Draft(BILLING)).error[0] for _ in range(15) for server in servers
        ]
        if int(time.time()) == second:
            assert set(codes) == {"", LIMIT}
            return codes.count("")


def test_a_rate_is_of_all_servers_together(servers: list[Running], tmp_path: Path) -> None:
    with redis(tmp_path):
        time.sleep(1.1)
        assert passed_in_a_second(servers) == RATE
        assert passed_in_a_second(servers) == RATE


def test_without_the_store_each_counts_for_itself(servers: list[Running], tmp_path: Path) -> None:
    assert passed_in_a_second(servers) == 2 * RATE
    with redis(tmp_path):
        time.sleep(1.1)
        assert passed_in_a_second(servers) == RATE
    assert passed_in_a_second(servers) == 2 * RATE
    with redis(tmp_path):
        time.sleep(1.1)
        assert passed_in_a_second(servers) == RATE


@pytest.mark.parametrize("url", ["nonsense", "redis://:se/cret@localhost/0"])
def test_a_url_that_means_nothing_is_told_without_its_password(tmp_path: Path, url: str) -> None:
    done = subprocess.run(
        [COMMAND, "serve", "--sample", "--port", "0", "--data", str(tmp_path / "data"),
         "--rate-store", url],
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        env=environment(),
        check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith("counterfoil: --rate-store: ")
    assert len(done.stderr.splitlines()) == 1
    assert "'se'" not in done.stderr
