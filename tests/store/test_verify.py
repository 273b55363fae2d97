"""A verification finds nothing in a healthy book, names what is wrong in a spoiled one, and keeps
nobody waiting."""

import asyncio
import secrets
from collections.abc import Iterator
from urllib.parse import urlsplit

import asyncpg
import pytest
from tests.books import assert_books, assert_books_at, charge, ledger_server, opened
from tests.databases import as_superuser, query
from tests.store import damage
from tests.store.busy_book import BusyBook, busy_book
from tests.store.damage import Damage

from counterfoil.ledger.process import Process
from counterfoil.ledger.verify import verify
from counterfoil.store import verification
from counterfoil.store.embedded.cluster import SUPERUSER

KINDS = {
    "movement": {"issue", "hold", "release", "lapse", "expire", "void"},
    "usage": {"redeem", "capture", "refund", "adjustment"},
    "pool_movement": {"grant", "reclaim", "allocate", "deallocate", "issue", "return"},
}


@pytest.fixture(scope="module")
def healthy() -> Iterator[str]:
    """The DSN of a busy book in which nobody writes."""
    with ledger_server() as dsn:
        asyncio.run(_fill(dsn))
        yield dsn


async def _fill(dsn: str) -> BusyBook:
    async with opened(dsn) as database:
        return await busy_book(database)


@pytest.fixture
def copied(healthy: str) -> Iterator[str]:
    """The DSN of a copy of the busy book, a test's own."""
    name, superuser = f"copy_{secrets.token_hex(6)}", as_superuser(healthy)
    original = urlsplit(healthy).path.removeprefix("/")
    query(superuser, f"create database {name} template {original} owner counterfoil")
    yield urlsplit(healthy)._replace(path=f"/{name}").geturl()
    query(superuser, f"drop database {name} with (force)")


async def spoil(dsn: str, *statements: str) -> None:
    """Runs statements as the superuser, without the checks that would refuse some of them."""
    connection = await asyncpg.connect(dsn, user=SUPERUSER)
    try:
        await connection.execute(damage.DROP_CHECKS)
        for statement in statements:
            done = await connection.execute(statement)
            assert not done.endswith(" 0"), f"it spoiled nothing: {statement}"
    finally:
        await connection.close()


def test_a_healthy_book_has_no_differences(healthy: str) -> None:
    for table, kinds in KINDS.items():
        found = query(healthy, f"select distinct kind from {table}")  # noqa: S608  # from constants
        assert {kind for (kind,) in found} == kinds
    assert_books_at(healthy)


async def test_what_was_looked_at_is_counted(healthy: str) -> None:
    async with opened(healthy) as database:
        everything = await verify(database)
        ((owner_uin, vouchers, usages),) = await database.fetch(
            "select v.owner_uin, count(*), sum(v.record_count) from voucher as v "
            "group by v.owner_uin order by v.owner_uin limit 1"
        )
        ours = await verify(database, owner_uin)
        nobody = await verify(database, 1)
    assert (everything.vouchers, everything.usages) == (9, 43)
    assert (ours.vouchers, ours.usages) == (vouchers, usages)
    assert (nobody.vouchers, nobody.usages, nobody.differences) == (0, 0, [])


@pytest.mark.parametrize("case", damage.ALL, ids=str)
async def test_damage_is_named(copied: str, case: Damage) -> None:
    await spoil(copied, *case.statements)
    async with opened(copied) as database:
        found = (await verify(database)).differences
    kinds = {difference.kind for difference in found}
    assert kinds >= case.kinds
    assert case.more or kinds == case.kinds
    assert all(difference.expected != difference.found for difference in found)


async def test_a_difference_says_where_and_what(copied: str) -> None:
    await spoil(copied, "update usage_month set amount_micro = amount_micro + 1")
    async with opened(copied) as database:
        found = (await verify(database)).differences
        rows = await database.fetch(
            "select m.owner_uin, m.voucher_no, m.month, m.amount_micro from usage_month as m"
        )
    assert {(d.owner_uin, d.voucher_no, d.place, d.found) for d in found} == {
        (owner_uin, voucher_no, f"month {month}", f"{amount_micro * 1e-8:.8f}".rstrip("0"))
        for owner_uin, voucher_no, month, amount_micro in rows
    }


async def test_damage_elsewhere_is_no_customers_concern(copied: str) -> None:
    await spoil(copied, damage.add("voucher", "spent_micro", damage.VOUCHER))
    async with opened(copied) as database:
        (difference,) = (await verify(database)).differences
        (same,) = (await verify(database, difference.owner_uin)).differences
        owners = await database.fetch("select distinct v.owner_uin from voucher as v")
        others = {owner_uin for (owner_uin,) in owners} - {difference.owner_uin}
        quiet = [(await verify(database, other)).differences for other in others]
    assert same == difference
    assert quiet == [[], []]


async def test_the_first_thousand_differences_are_named(copied: str) -> None:
    await spoil(
        copied,
        "insert into usage_month select owner_uin, voucher_no, n, 1, 5 "
        "from voucher, generate_series(210001, 210400) as n",
    )
    async with opened(copied) as database:
        assert len((await verify(database)).differences) == 1_000


async def test_stretches_find_what_one_does(copied: str, monkeypatch: pytest.MonkeyPatch) -> None:
    await spoil(copied, "update voucher set spent_micro = spent_micro + 1")
    async with opened(copied) as database:
        at_once = await verify(database)
        monkeypatch.setattr(verification, "_STRETCH_VOUCHERS", 1)
        assert await verify(database) == at_once
    assert len(at_once.differences) == 9


async def test_writers_neither_wait_nor_disturb(copied: str) -> None:
    book = await _fill(copied)
    async with opened(copied) as database, opened(copied) as other:
        process = Process(database, book.clock)
        by, owner_uin = book.tree.reseller, book.tree.customers[3]
        async with other.snapshot() as connection:
            await verification.prepare(connection)
            before = await verification.counts(connection, verification.ALL_OWNERS)
            answers = await process.run([charge(by, owner_uin, 3) for _ in range(20)])
            assert {answer.paid_micro for answer in answers} == {3}
            owners = verification.ALL_OWNERS
            assert await verification.differences(connection, owners, 10) == []
            assert await verification.counts(connection, owners) == before
        writing = asyncio.create_task(_write(process, book))
        while not writing.done():
            await assert_books(other)
        await writing
        await assert_books(other)


async def _write(process: Process, book: BusyBook) -> None:
    by, owner_uin = book.tree.reseller, book.tree.customers[3]
    for _ in range(40):
        await process.run([charge(by, owner_uin, 1) for _ in range(5)])
