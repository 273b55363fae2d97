"""Changes of the partner tree that meet other writes, in processes of their own."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.audit import all_breaches
from tests.books import (
    NOON,
    StoppedClock,
    Tree,
    grant,
    issue,
    opened,
    origin,
    plant,
)

from counterfoil.domain.account import AccountKind
from counterfoil.domain.errors import NotFound, Taken
from counterfoil.ledger import results
from counterfoil.ledger.accounts import OpenAccount, free_uin
from counterfoil.ledger.batch import Batch
from counterfoil.ledger.command import Command, write_of
from counterfoil.ledger.moving import Move
from counterfoil.ledger.process import ID_KINDS, Process
from counterfoil.ledger.setup import SetUp
from counterfoil.ledger.terms import settle_terms
from counterfoil.store.database import Connection, Database
from counterfoil.store.ids import IdBlocks
from counterfoil.store.reader import Reader


@pytest.fixture
async def database(dsn: str) -> AsyncIterator[Database]:
    """A database whose books are looked at in the end."""
    async with opened(dsn) as database:
        yield database
        assert await all_breaches(database) == []


@pytest.fixture
async def tree(database: Database) -> Tree:
    tree = await plant(database)
    await process(database).run([grant(tree.platform, tree.reseller.main_uin, 100)])
    return tree


def move(tree: Tree) -> Move:
    """Takes the reseller's customer to the distributor."""
    return Move(origin(tree.platform), tree.customer, tree.distributor.main_uin)


def process(database: Database) -> Process:
    return Process(database, StoppedClock())


async def run_in(connection: Connection, database: Database, *commands: Command) -> list[Any]:
    """A batch of another process, in a transaction of the test's."""
    writes = [write_of(command) for command in commands]
    ids = IdBlocks(database, ID_KINDS)
    await ids.refill()
    terms = await settle_terms(database, writes)
    batch = Batch(connection, ids, Reader(), StoppedClock(), terms)
    return await batch.run(writes, is_locking=False)


async def someone_waits(connection: Connection) -> None:
    """Until another session waits for a lock."""
    waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
    for _ in range(2_000):
        if await connection.fetchval(waiting):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("nobody waits")


async def test_an_issue_that_a_move_overtakes_is_judged_anew(
    database: Database, tree: Tree, dsn: str
) -> None:
    issues = [issue(by, tree.customer, 5) for by in (tree.platform, tree.reseller)]
    async with opened(dsn) as other, other.transaction() as connection:
        assert await run_in(connection, other, move(tree)) == [results.CustomerMoved(0, 0)]
        late = asyncio.create_task(process(database).run(issues))
        await someone_waits(connection)  # it has read the old tree, and waits to write
    assert [type(answer) for answer in await late] == [results.Issued, NotFound]


async def test_a_move_waits_for_an_issue_that_is_under_way(
    database: Database, tree: Tree, dsn: str
) -> None:
    await process(database).run([issue(tree.platform, tree.customer, 7)])
    async with opened(dsn) as other, other.transaction() as connection:
        (given,) = await run_in(connection, other, issue(tree.reseller, tree.customer, 5))
        assert isinstance(given, results.Issued)
        moving = asyncio.create_task(process(database).run([move(tree)]))
        await someone_waits(connection)
    assert await moving == [results.CustomerMoved(1, 5)]
    sql = "select issuer_uin from voucher where owner_uin = $1 and void_kind is null"
    live = [tuple(row) for row in await database.fetch(sql, tree.customer)]
    assert live == [(tree.platform.main_uin,)]


async def test_a_voucher_issued_and_ended_in_one_batch_has_ended(
    database: Database, tree: Tree
) -> None:
    commands = [issue(tree.reseller, tree.customer, 5), move(tree)]
    given, moved = await process(database).run(commands)
    assert moved == results.CustomerMoved(1, 5)
    sql = "select void_kind, voided_micro from voucher where owner_uin = $1 and voucher_no = $2"
    rows = await database.fetch(sql, tree.customer, given.voucher_no)
    assert [tuple(row) for row in rows] == [("killed", 5)]


async def test_an_account_asked_for_twice_at_once_is_made_once(
    database: Database, tree: Tree, dsn: str
) -> None:
    reseller = tree.reseller
    wanted = OpenAccount(origin(reseller), reseller.main_uin, AccountKind.CUSTOMER, "Twice")
    async with opened(dsn) as other:
        set_ups = [SetUp(one, StoppedClock()) for one in (database, other) * 4]
        answers = await asyncio.gather(*(set_up.run(wanted) for set_up in set_ups))
    assert len(set(answers)) == 1
    sql = "select count(*) from account where parent_uin = $1 and name = 'Twice'"
    assert [tuple(row) for row in await database.fetch(sql, reseller.main_uin)] == [(1,)]


async def test_a_number_chosen_twice_at_once_is_given_once(
    database: Database, tree: Tree, dsn: str
) -> None:
    reseller, uin = tree.reseller, tree.customer + 500_000
    async with opened(dsn) as other:
        answers = await asyncio.gather(
            *(
                SetUp(one, StoppedClock()).run(
                    OpenAccount(
                        origin(reseller), reseller.main_uin, AccountKind.CUSTOMER, f"{n}", uin
                    )
                )
                for n, one in enumerate((database, other) * 4)
            ),
            return_exceptions=True,
        )
    assert sorted(type(answer).__name__ for answer in answers) == ["AccountMade"] + ["Taken"] * 7


async def test_a_chosen_number_that_somebody_is_about_to_get_is_taken(
    database: Database, tree: Tree, dsn: str
) -> None:
    main_uin = tree.reseller.main_uin
    sub_user = "insert into sub_user values ($1, $2, 'Early', $3)"
    async with opened(dsn) as other, other.transaction() as connection:
        number = await free_uin(connection)
        await connection.execute(sub_user, number, main_uin, NOON)
        asked = OpenAccount(origin(tree.reseller), main_uin, AccountKind.CUSTOMER, "Late", number)
        late = asyncio.create_task(SetUp(database, StoppedClock()).run(asked))
        await someone_waits(connection)
    with pytest.raises(Taken):
        await late
