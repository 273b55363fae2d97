"""Ctrl-C and SIGTERM end the server and its PostgreSQL in order, at any moment."""

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import pytest
from tests.contract.raw import PARTNER, Connection, Draft
from tests.databases import new_database, query
from tests.fault.asking import is_right
from tests.fault.conftest import Serve
from tests.fault.process import READY, processes_of
from tests.serving import environment
from tests.store.owner_process import eventually, server_pid

from counterfoil.store.migrate import START_LOCK

ROOT = Path(__file__).parents[2]

CTRL_C = pytest.param(signal.SIGINT, True, id="Ctrl-C")
TERMINATE = pytest.param(signal.SIGTERM, False, id="SIGTERM")
HANG_UP = pytest.param(signal.SIGHUP, True, id="terminal closed")


@pytest.mark.parametrize(("number", "is_group"), [CTRL_C, TERMINATE, HANG_UP])
def test_a_signal_stops_the_server_and_its_postgresql(
    serve: Serve, data: Path, number: int, is_group: bool
) -> None:
    server = serve(data, "--sample").wait_ready()
    postgresql = server_pid(data)
    request = Draft(PARTNER, host=server.address).message().encoded()
    with Connection(server.address) as idle, Connection(server.address) as half:
        idle.send(request)
        assert idle.receive() is not None  # and the connection stays open
        half.send(request[:100])
        assert server.end(number, is_group=is_group) == 0
        assert idle.is_closed()
    assert (server.rest_of_output(), server.errors()) == ("", "")
    assert not Path(f"/proc/{postgresql}").exists()
    assert processes_of(data) == []
    assert not (data / "postgresql" / "postmaster.pid").exists()


def test_impatience_changes_nothing(serve: Serve, data: Path) -> None:
    server = serve(data, "--sample").wait_ready()
    while (data / "postgresql" / "postmaster.pid").exists():
        os.killpg(server.pid, signal.SIGINT)
        time.sleep(0.005)
    assert server.wait() == 0
    assert (server.errors(), processes_of(data)) == ("", [])


@pytest.mark.parametrize(("number", "is_group"), [CTRL_C, TERMINATE])
@pytest.mark.parametrize("moment", ["postgresql.new/PG_VERSION", "postgresql/postmaster.pid"])
def test_a_signal_while_postgresql_is_being_made_leaves_nothing_running(
    serve: Serve, fresh: Path, moment: str, number: int, is_group: bool
) -> None:
    server = serve(fresh, "--sample")
    eventually((fresh / moment).exists, within_s=30)
    assert server.end(number, is_group=is_group) == 0
    assert (server.rest_of_output(), server.errors()) == ("", "")
    assert processes_of(fresh) == []
    again = serve(fresh, "--sample").wait_ready()
    assert is_right(again.address)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_modules_are_imported(serve: Serve, fresh: Path, number: int) -> None:
    server = serve(fresh, PYTHONPROFILEIMPORTTIME="1")
    eventually(lambda: "typer.main" in server.errors())
    assert server.end(number) == 0
    assert "Traceback" not in server.errors()
    assert not fresh.exists()


def test_a_signal_while_another_server_starts_on_the_database(
    serve: Serve, tmp_path: Path, postgresql: str
) -> None:
    waiting = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
    with new_database(postgresql) as dsn, locked_for_start(dsn):
        server = serve(tmp_path, "--database", dsn)
        eventually(lambda: query(dsn, waiting) == [(1,)])
        assert server.end() == 0
        assert server.errors() == ""


def test_ctrl_c_on_make_serve(fresh: Path) -> None:
    kept = {k: v for k, v in environment().items() if not k.startswith(("MAKE", "MFLAGS"))}
    process = subprocess.Popen(
        ["make", "--old-file=.venv/runtime", "serve"],  # what is installed is not this test's
        cwd=ROOT,
        env=kept | {"COUNTERFOIL_PORT": "0", "COUNTERFOIL_DATA": str(fresh)},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith(READY), line
    assert is_right(line.removeprefix(READY).strip())
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=30)
    assert processes_of(fresh) == []
    assert (fresh / "postgresql" / "PG_VERSION").exists()


@contextmanager
def locked_for_start(dsn: str) -> Iterator[None]:
    """As when another server starts on this database meanwhile."""
    with asyncio.Runner() as runner:
        connection = runner.run(asyncpg.connect(dsn))
        runner.run(connection.execute("select pg_advisory_lock($1)", START_LOCK))
        yield
        runner.run(connection.close())
