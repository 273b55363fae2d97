"""After any death the next start has every row, and a death of PostgreSQL is seen as an outage."""

import fcntl
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.contract.raw import BILLING, PARTNER
from tests.fault.asking import health, is_right, outcome
from tests.fault.conftest import Serve
from tests.fault.process import Server, processes_of
from tests.store.owner_process import eventually, owner, server_pid, sql

from counterfoil.store import embedded

OUTAGE = {
    PARTNER.action: "OperationDenied.ServiceBusy",
    BILLING.action: "InternalError.GatewayError",
}
ROWS = "select count(*), sum(amount_micro) from usage"
WITHIN_S = 30


def test_a_kill_of_the_server_loses_nothing(serve: Serve, data: Path) -> None:
    first = serve(data, "--sample").wait_ready()
    postgresql = server_pid(data)
    before = sql(data, ROWS)
    first.end(signal.SIGKILL)
    assert Path(f"/proc/{postgresql}").exists()  # as nothing could stop it
    second = serve(data, "--sample").wait_ready()
    assert is_right(second.address)
    assert sql(data, ROWS) == before
    assert second.end() == 0
    assert processes_of(data) == []


def test_a_kill_of_everything_loses_nothing(serve: Serve, data: Path) -> None:
    first = serve(data, "--sample").wait_ready()
    before = sql(data, ROWS)
    os.kill(server_pid(data), signal.SIGKILL)
    first.end(signal.SIGKILL)
    second = serve(data, "--sample").wait_ready()
    assert is_right(second.address)
    assert sql(data, ROWS) == before
    assert second.end() == 0
    assert processes_of(data) == []


def test_while_postgresql_is_gone_every_caller_is_told_so(serve: Serve, data: Path) -> None:
    server = serve(data, "--sample").wait_ready()
    assert is_right(server.address)
    assert health(server.address) == 200
    with restarts_held_up(data):
        os.kill(server_pid(data), signal.SIGKILL)
        eventually(lambda: health(server.address) == 503)
        for api in (PARTNER, BILLING):
            assert outcome(server.address, api) == OUTAGE[api.action]
        # Keys that were never looked up before get the same answer as those known.
        assert outcome(server.address, PARTNER, "distributor") == OUTAGE[PARTNER.action]
        assert outcome(server.address, BILLING, "customera") == OUTAGE[BILLING.action]
    eventually(lambda: health(server.address) == 200, WITHIN_S)
    assert is_right(server.address)
    assert server.end() == 0
    assert processes_of(data) == []


def test_clients_see_right_answers_or_the_outage_and_nothing_else(serve: Serve, data: Path) -> None:
    server = serve(data, "--sample", "--no-rate-limit").wait_ready()
    with asked_without_pause(server) as seen:
        for victim in ("backend", "postmaster", "postmaster"):
            eventually(lambda: health(server.address) == 200, WITHIN_S)
            seen.clear()
            eventually(lambda: {(PARTNER.action, "ok"), (BILLING.action, "ok")} <= seen, WITHIN_S)
            pids = "select min(pid) from pg_stat_activity where application_name = 'counterfoil'"
            pid = server_pid(data) if victim == "postmaster" else int(sql(data, pids))
            os.kill(pid, signal.SIGKILL)
            eventually(lambda: set(OUTAGE.items()) <= seen, WITHIN_S)
        eventually(lambda: health(server.address) == 200, WITHIN_S)
    assert {each for each in seen if each[1] != "ok"} <= set(OUTAGE.items()), server.errors()
    assert is_right(server.address)
    assert server.end() == 0
    assert "Traceback" not in server.errors()


def test_a_stop_while_postgresql_is_dead(serve: Serve, data: Path) -> None:
    server = serve(data, "--sample").wait_ready()
    os.kill(server_pid(data), signal.SIGKILL)
    assert server.end() == 0
    assert processes_of(data) == []


def test_a_database_by_dsn_may_go_and_come_back(serve: Serve, tmp_path: Path, data: Path) -> None:
    with owner(data) as process:
        server = serve(tmp_path / "own", "--sample", "--database", embedded.dsn(data),
                       "--master-key-file", str(data / "master.key")).wait_ready()  # fmt: skip
        assert is_right(server.address)
        process.end()
    eventually(lambda: health(server.address) == 503)
    assert outcome(server.address, BILLING) == OUTAGE[BILLING.action]
    with owner(data) as process:
        eventually(lambda: health(server.address) == 200, WITHIN_S)
        assert is_right(server.address)
        assert server.end() == 0
        process.end()


@contextmanager
def restarts_held_up(data: Path) -> Iterator[None]:
    """Nobody can start PostgreSQL meanwhile, as nobody can while another process does."""
    with (data / "postgresql.lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def asked_without_pause(server: Server) -> Iterator[set[tuple[str, str]]]:
    """Both actions are asked in turn meanwhile; yields what came: action and outcome."""
    seen: set[tuple[str, str]] = set()
    is_over = threading.Event()

    def ask() -> None:
        while not is_over.is_set():
            for api in (PARTNER, BILLING):
                seen.add((api.action, outcome(server.address, api)))

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        yield seen
    finally:
        is_over.set()
        for thread in threads:
            thread.join()
