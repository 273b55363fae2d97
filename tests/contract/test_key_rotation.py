"""`counterfoil keys rotate`: every secret under a new master key, whatever runs and wherever it is
cut short."""

import asyncio
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.contract.access import make_role, make_session, make_sub_user, may
from tests.contract.house import PLATFORM, House
from tests.databases import query
from tests.serving import COMMAND, Running, environment, running

from counterfoil.store import embedded
from counterfoil.store.database import connect

TIMEOUT_S = 60
KEY_IDS = "select distinct key_id from credential"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    with running("--sample", data=tmp_path / "data") as server:
        yield server


def rotate(data: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, "keys", "rotate", "--data", str(data)],
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        env=environment(),
        check=False,
    )


def check_whole(house: House, data: Path) -> None:
    """That keys work, old and new, and all secrets are under the one key that is there."""
    assert may(house, house.reseller)
    assert may(house, make_sub_user(house, house.reseller, "counterfoil:*"))
    assert len(query(embedded.dsn(data), KEY_IDS)) == 1
    assert not (data / "master.key.new").exists()
    assert (data / "master.key").stat().st_mode & 0o777 == 0o600


def test_servers_go_on_while_keys_change(server: Running) -> None:
    house = House(server.address, embedded.dsn(server.data))
    session = make_session(house, house.reseller, make_role(house, house.reseller, "*"))
    before = (server.data / "master.key").read_text()
    sealed = dict(
        query(embedded.dsn(server.data), "select secret_id, sealed_secret from credential")
    )
    done = rotate(server.data)
    assert (done.returncode, done.stderr) == (0, "")
    count = len(sealed)
    assert done.stdout.splitlines() == [
        f"sealed {count} of {count} secrets anew",
        f"the new master key is in {server.data / 'master.key'}: back it up",
    ]
    check_whole(house, server.data)
    assert (server.data / "master.key").read_text() != before
    now = dict(query(embedded.dsn(server.data), "select secret_id, sealed_secret from credential"))
    assert all(now[name] != secret for name, secret in sealed.items())
    assert house.refusal("DescribePolicies", session, {})[0] == "AuthFailure.TokenFailure"
    assert may(house, make_session(house, house.reseller, make_role(house, house.reseller, "*")))
    assert rotate(server.data).returncode == 0
    check_whole(house, server.data)


def test_a_key_made_first_thing_after_is_under_the_new_one(server: Running) -> None:
    house = House(server.address, embedded.dsn(server.data))
    assert rotate(server.data).returncode == 0
    house.do("CreateCredential", PLATFORM, Uin=house.customer.uin)
    check_whole(house, server.data)


async def kill_while_it_waits(data: Path) -> None:
    """Kills a rotation that has made its key and can't have the table of secrets yet."""
    connection: Any = await connect(embedded.dsn(data))
    try:
        async with connection.transaction():
            await connection.execute("lock table credential in share mode")
            rotating = await asyncio.create_subprocess_exec(
                COMMAND, "keys", "rotate", "--data", str(data), env=environment()
            )
            for _ in range(50 * TIMEOUT_S):
                if (data / "master.key.new").exists():
                    break
                await asyncio.sleep(0.02)
            rotating.kill()
            await rotating.wait()
    finally:
        await connection.close()


def test_killed_before_it_is_done_nothing_has_changed(server: Running) -> None:
    house = House(server.address, embedded.dsn(server.data))
    (before,) = query(embedded.dsn(server.data), KEY_IDS)
    asyncio.run(kill_while_it_waits(server.data))
    key_file = server.data / "master.key.new"
    waiting = key_file.read_text()
    assert query(embedded.dsn(server.data), KEY_IDS) == [before]
    assert may(house, house.reseller)
    assert rotate(server.data).returncode == 0
    assert (server.data / "master.key").read_text() == waiting
    check_whole(house, server.data)


def test_killed_between_the_database_and_the_file(tmp_path: Path) -> None:
    """The new key is found beside the old one, and takes its place."""
    data = tmp_path / "data"
    with running("--sample", data=data) as server:
        house = House(server.address, embedded.dsn(server.data))
        old = (data / "master.key").read_text()
        assert rotate(data).returncode == 0
        (data / "master.key").rename(data / "master.key.new")
        (data / "master.key").write_text(old)
        (data / "master.key").chmod(0o600)
        assert may(house, house.reseller)
    with running("--sample", data=data) as server:
        house.address = server.address
        check_whole(house, data)
        assert (data / "master.key").read_text() != old


def test_a_wrong_key_is_left_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running("--sample", data=data):
        pass
    (data / "master.key").write_text("0" * 64)
    done = rotate(data)
    assert done.returncode == 2
    assert "sealed under another master key" in done.stderr
    assert (data / "master.key").read_text() == "0" * 64
    assert not (data / "master.key.new").exists()
