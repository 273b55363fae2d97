"""Where the library's ledger is, and that it is the one that a server serves."""

import asyncio
import logging
import os
import signal
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from tests.contract.house import LINE, Account, send
from tests.databases import as_superuser, new_database
from tests.serving import running
from tests.store.library import USD, open_shop, token
from tests.store.owner_process import end_server

import counterfoil
from counterfoil import Ledger
from counterfoil.domain.errors import Unavailable, Unusable
from counterfoil.ledger.process import log
from counterfoil.ledger.sample import SampleKey
from counterfoil.store.embedded import postmaster


@pytest.fixture
def own_logs() -> Iterator[None]:
    """As in a program that has set up no logs of its own."""
    structlog.reset_defaults()
    yield
    structlog.reset_defaults()


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder that the environment names, and no database beside it."""
    folder = tmp_path / "data"
    for name in ("COUNTERFOIL_DATABASE", "COUNTERFOIL_MASTER_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COUNTERFOIL_DATA", str(folder))
    yield folder
    end_server(folder)


async def test_without_a_dsn_it_is_the_embedded_one_and_a_server_serves_the_same(
    data: Path,
) -> None:
    async with Ledger.open() as ledger:
        shop = await open_shop(ledger)
        await shop.issue(50 * USD)
        key = await ledger.admin.create_credential(token=token(), uin=shop.reseller.main_uin)
        async with Ledger.open(data=data) as second:  # shares the running PostgreSQL
            assert second.operator == ledger.operator
    assert postmaster.find(data / "postgresql") is None
    charge = {"ClientToken": token(), "CustomerUin": shop.uin, "PayMode": "postPay"}
    charges = {"Charges": [{**charge, "Lines": [LINE]}]}
    assert key.secret_key
    signing = Account(shop.reseller.main_uin, SampleKey("", 0, key.secret_id, key.secret_key))
    paid = await asyncio.to_thread(_served, data, signing, charges)
    assert paid == "10"
    async with Ledger.open() as ledger:
        (listed,) = await ledger.read.vouchers(customer_uin=shop.uin)
        assert listed.voucher.spent_micro == 10 * USD
        assert (await ledger.read.verify()).differences == []


def _served(data: Path, by: Account, charges: dict[str, Any]) -> Any:
    with running("--no-rate-limit", data=data) as server:
        (charged,) = send(server.address, "ChargeVouchers", by, charges)["Results"]
        return charged["PaidAmount"]


async def test_postgresql_that_dies_is_started_again(data: Path) -> None:
    async with Ledger.open(data=data) as ledger:
        shop = await open_shop(ledger)
        found = postmaster.find(data / "postgresql")
        assert found is not None
        os.kill(found.pid, signal.SIGKILL)
        issued = await _in_the_end(lambda: shop.issue(USD))
        assert (await shop.buckets(issued))[0] == USD
        assert (await ledger.read.verify()).differences == []


async def _in_the_end(ask: Callable[[], Awaitable[int]]) -> int:
    """The answer, however often the database can't be reached before."""
    while True:
        try:
            return await ask()
        except Unavailable:
            await asyncio.sleep(0.05)


@pytest.fixture
def one(dsn: str) -> Iterator[str]:
    """An empty database."""
    with new_database(as_superuser(dsn)) as name:
        yield name


@pytest.fixture
def other(dsn: str) -> Iterator[str]:
    """Another one."""
    with new_database(as_superuser(dsn)) as name:
        yield name


async def _account_count(*place: str, **options: Path) -> int:
    async with Ledger.open(*place, **options) as ledger:
        return len(await ledger.read.accounts())


async def test_the_database_of_the_environment_is_opened_unless_a_place_is_given(
    one: str, other: str, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COUNTERFOIL_DATABASE", one)
    async with Ledger.open() as ledger:
        await open_shop(ledger)
    assert await _account_count(one) == 3
    assert await _account_count(other) == 1
    assert await _account_count(data=data) == 1
    assert await _account_count() == 3


async def test_programs_that_open_an_empty_database_together_get_one_operator(one: str) -> None:
    assert await asyncio.gather(*(_account_count(one) for _ in range(4))) == 4 * [1]


async def test_what_cant_be_opened_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unusable):
        async with Ledger.open("postgresql://nobody@127.0.0.1:1/nothing"):
            pass
    (tmp_path / "file").touch()
    with pytest.raises(Unusable):
        async with Ledger.open(data=tmp_path / "file"):
            pass


@pytest.mark.usefixtures("own_logs")
async def test_what_is_logged_goes_to_the_programs_own_log(
    empty_dsn: str, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    async with Ledger.open(empty_dsn):
        with caplog.at_level(logging.WARNING):
            log.info("write_conflict", attempt=1)
            log.error("write_failed", action="charge")
    assert [record.getMessage() for record in caplog.records] == ["write_failed"]
    assert capsys.readouterr().out == ""


def test_every_name_that_is_offered_is_there() -> None:
    assert counterfoil.errors.NotFound is not None
    for name in counterfoil.__all__:
        assert getattr(counterfoil, name) is not None
    with pytest.raises(AttributeError):
        counterfoil.nothing  # noqa: B018 - that it raises is what is asserted
