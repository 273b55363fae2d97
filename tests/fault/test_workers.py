"""Several processes that serve one port: one book, one count of rates, and none that is missed."""

import json
import os
import signal
import time
import urllib.request
from collections import Counter
from pathlib import Path

import pytest
from tests.contract.raw import BILLING, Draft, ask
from tests.fault.asking import is_right
from tests.fault.conftest import Serve
from tests.fault.process import processes_of, refusal, workers_of
from tests.serving import running
from tests.store.owner_process import eventually

TWO = ("--sample", "--workers", "2")
RATE = 5
LIMIT = "RequestLimitExceeded"


def answered(address: str) -> float:
    """How many answers of one kind the metrics tell of."""
    with urllib.request.urlopen(f"http://{address}/metrics", timeout=30) as answer:
        lines = answer.read().decode().splitlines()
    name = f'counterfoil_requests_total{{action="{BILLING.action}",code=""}} '
    return sum(float(line.removeprefix(name)) for line in lines if line.startswith(name))


def test_one_that_is_killed_is_replaced_and_nobody_is_turned_away(serve: Serve, data: Path) -> None:
    server = serve(data, *TWO, "--no-rate-limit").wait_ready()
    for n in range(4):
        before = workers_of(server)
        assert len(before) == 2
        os.kill(before[n % 2], signal.SIGKILL)
        # Connections are shared out: some of these find the other, some wait for the next.
        assert all(is_right(server.address) for _ in range(8))
        eventually(lambda: len(set(workers_of(server)) - set(before)) == 1)  # noqa: B023  # at once
    assert answered(server.address) == 4 * 8  # the dead ones' among them
    assert server.end() == 0
    assert processes_of(data) == []
    events = Counter(json.loads(line)["event"] for line in server.errors().splitlines())
    assert events == {"worker_died": 4, "worker_restarted": 4}


@pytest.mark.parametrize("is_group", [False, True])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_they_end_with_their_server(
    serve: Serve, data: Path, number: signal.Signals, is_group: bool
) -> None:
    server = serve(data, *TWO).wait_ready()
    assert server.end(number, is_group=is_group) == 0
    assert (server.errors(), processes_of(data)) == ("", [])


def test_they_do_not_outlive_a_server_that_is_killed(serve: Serve, data: Path) -> None:
    server = serve(data, *TWO).wait_ready()
    workers = workers_of(server)
    server.end(signal.SIGKILL)
    eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))
    again = serve(data, *TWO).wait_ready()
    assert is_right(again.address)
    assert again.end() == 0
    assert (server.errors(), again.errors(), processes_of(data)) == ("", "", [])


def test_they_count_rates_together() -> None:
    with running(*TWO, "--rates", f"{BILLING.action}={RATE}") as server:
        for _ in range(3):
            assert passed_in_a_second(server.address) == RATE


def passed_in_a_second(address: str) -> int:
    """How many of 20 calls get through, each by a connection of its own, all in one second."""
    while True:
        time.sleep(1 - time.time() % 1)
        second = int(time.time())
        codes = [ask(address, Draft(BILLING)).error[0] for _ in range(20)]
        if int(time.time()) == second:
            assert set(codes) == {"", LIMIT}
            return codes.count("")


def test_what_keeps_one_from_serving_is_told_in_a_line(serve: Serve, data: Path) -> None:
    (data / "master.key").write_text("0" * 64 + "\n")
    assert "sealed under another master key" in refusal(data, *TWO)


@pytest.mark.parametrize("count", ["0", "17", "-1"])
def test_there_are_from_one_to_sixteen(tmp_path: Path, count: str) -> None:
    told = refusal(tmp_path / "data", "--workers", count)
    assert told == f"--workers {count}: choose one of 1 to 16"


def test_a_port_has_one_server(serve: Serve, data: Path, tmp_path: Path) -> None:
    server = serve(data, *TWO).wait_ready()
    port = server.address.rpartition(":")[2]
    told = refusal(tmp_path / "other", *TWO, "--port", port)
    assert told.startswith(f"can't listen on 127.0.0.1:{port} ")
    assert server.end() == 0
