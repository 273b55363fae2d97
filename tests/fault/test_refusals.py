"""What a server can't start with is told in one line that says what to do, with exit code 2."""

import re
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.databases import new_database, query
from tests.fault.conftest import Serve
from tests.fault.process import refusal

from counterfoil.store import embedded

EVERYWHERE = "0.0.0.0"  # noqa: S104  # to be refused

OWN_ACCOUNT = """
    insert into account (uin, kind, name, created_at, bound_at)
    values (100000000009, 'platform', 'Our own', now(), now())
"""


@pytest.fixture
def protected(postgresql: str) -> Iterator[str]:
    """The DSN of a database on a server that asks for a password, which the DSN lacks."""
    (folder,) = query(postgresql, "show data_directory")[0]
    rules = Path(folder) / "pg_hba.conf"
    before = rules.read_text()
    with new_database(postgresql) as dsn:
        query(postgresql, "create role guarded login password 'right'")
        rules.write_text(f"local all guarded scram-sha-256\n{before}")
        query(postgresql, "select pg_reload_conf()")
        yield dsn.replace("//postgres@", "//guarded@")
        rules.write_text(before)
        query(postgresql, "select pg_reload_conf()")
    query(postgresql, "drop role guarded")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--port", "70000"], "--port 70000: choose one of 0 (a free one) to 65535"),
        (["--port", "-1"], "--port -1: choose one of 0 (a free one) to 65535"),
        (["--host", "a b"], "can't listen on a b:0 (Name or service not known): choose another "),
        (["--rates", "x"], "--rates: 'x' is not of the form Action=N with N of 1 or more"),
        (["--rates", "*=0"], "--rates: '*=0' is not of the form Action=N with N of 1 or more"),
        (["--rates", "Foo=5"], "--rates: there is no action 'Foo', but "),
        (["--log-level", "loud"], "--log-level 'loud': choose one of debug, info, warning"),
        (
            ["--sample", "--host", EVERYWHERE],
            "the keys of --sample are published, so it serves on "
            "loopback only, not on 0.0.0.0: choose --host 127.0.0.1",
        ),
        (["--sample", "--host", "::"], "the keys of --sample are published"),
    ],
)
def test_a_setting_that_cant_be_meant(fresh: Path, options: list[str], told: str) -> None:
    assert refusal(fresh, *options).startswith(told)
    assert not fresh.exists()


def test_a_port_in_use(fresh: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert refusal(fresh, "--port", str(port)) == (
            f"can't listen on 127.0.0.1:{port} (Address already in use): choose another --host or "
            "--port"
        )
    assert not fresh.exists()


@pytest.mark.parametrize("below", ["a file", "/proc/counterfoil"])
def test_a_folder_that_cant_be_written(tmp_path: Path, below: str) -> None:
    (tmp_path / "a file").write_text("")
    folder = tmp_path / below
    told = refusal(folder)
    assert told.startswith(f"the data folder {folder} can't be used")
    assert "choose one that this user can write with --data" in told


@pytest.mark.parametrize(
    ("dsn", "told"),
    [
        (
            "postgresql://u:hidden@127.0.0.1:1/d",
            "can't use the database postgresql://u@127.0.0.1:1/d: Connection refused",
        ),
        (
            "postgresql://u@/d?host=/nowhere&password=hidden",
            "can't use the database postgresql://u@/d?host=/nowhere&password=…: No such file or ",
        ),
        (
            "postgresql://u@h/d?sslmode=odd",
            "can't use the database postgresql://u@h/d?sslmode=odd: "
            "`sslmode` parameter must be one of",
        ),
        (
            "postgresql://u:hid/den@h:5432/d",
            "can't read the DSN postgresql://u@h:5432/d: it has "
            "the form postgresql://USER:PASSWORD@HOST:PORT/DATABASE",
        ),
        (
            "host=h password=hidden",
            "can't use the database that was given: invalid DSN: scheme is "
            'expected to be either "postgresql" or "postgres"',
        ),
    ],
)
def test_a_dsn_that_leads_nowhere(fresh: Path, dsn: str, told: str) -> None:
    line = refusal(fresh, "--database", dsn)
    assert line.startswith(told)
    assert "hid" not in line


def test_an_unknown_database(fresh: Path, postgresql: str) -> None:
    told = refusal(fresh, "--database", postgresql.replace("/postgres?", "/nothing?"))
    assert told.endswith(': database "nothing" does not exist')


def test_a_wrong_password(fresh: Path, protected: str) -> None:
    wrong = protected.replace("guarded@", "guarded:hidden@")
    told = refusal(fresh, "--database", wrong)
    assert told.endswith(': password authentication failed for user "guarded"')
    assert "hidden" not in told


def test_a_user_who_may_not_make_tables(fresh: Path, protected: str) -> None:
    told = refusal(fresh, "--database", protected.replace("guarded@", "guarded:right@"))
    assert "permission denied for schema public" in told
    assert "its user has to be allowed to create tables there" in told


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_a_database_that_cant_hold_every_text(fresh: Path, postgresql: str, encoding: str) -> None:
    options = f"encoding '{encoding}' locale_provider libc locale 'C' template template0"
    with new_database(postgresql, options) as dsn:
        assert refusal(fresh, "--database", dsn) == (
            f"the database is encoded in {encoding}: use one that was made with encoding 'UTF8'"
        )


def test_a_database_that_a_newer_program_has_migrated(data: Path) -> None:
    server = embedded.start(data)
    try:
        query(embedded.dsn(data), "update alembic_version set version_num = '9999'")
    finally:
        server.stop()
    assert re.fullmatch(
        r"the database is at schema 9999, newer than this program's \d{4}: use a newer "
        r"Counterfoil",
        refusal(data),
    )


def test_a_missing_master_key(data: Path) -> None:
    (data / "master.key").unlink()
    assert refusal(data) == (
        f"the database holds sealed secrets but there is no master key at {data}/master.key: "
        "put the key back, or name its file with --master-key-file"
    )
    assert not (data / "master.key").exists()


def test_a_garbled_master_key(data: Path) -> None:
    key = data / "master.key"
    key.write_text(key.read_text()[:-3])
    assert refusal(data).startswith(f"{key} is not a master key, which is 64 hexadecimal digits")


def test_another_master_key(data: Path) -> None:
    key = data / "master.key"
    key.write_text("00" * 32)
    assert refusal(data).startswith(
        f"the secrets in this database are sealed under another master key than {key} holds"
    )


def test_a_master_key_that_others_can_read(data: Path, tmp_path: Path) -> None:
    key = Path(shutil.copy(data / "master.key", tmp_path / "a.key"))
    key.chmod(0o640)
    assert refusal(data, COUNTERFOIL_MASTER_KEY_FILE=str(key)) == (
        f"the master key {key} is open to other users: chmod 600 {key}"
    )


def test_a_sample_beside_accounts_of_ones_own(serve: Serve, fresh: Path) -> None:
    server = serve(fresh).wait_ready()
    query(embedded.dsn(fresh), OWN_ACCOUNT)
    assert server.end() == 0
    assert refusal(fresh, "--sample").startswith(
        "this database holds accounts of your own, so it gets no sample: leave --sample out"
    )


def test_a_sample_database_beyond_loopback(data: Path) -> None:
    assert refusal(data, "--host", EVERYWHERE) == (
        "this database holds sample accounts, whose keys are published: it is served on loopback "
        "only, not on 0.0.0.0; choose --host 127.0.0.1 or another database"
    )
