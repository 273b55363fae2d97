"""Writes that meet: in one batch, in two processes, or halfway between reading and writing."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.audit import all_breaches
from tests.books import (
    NOON,
    YEAR,
    Policies,
    StoppedClock,
    Tree,
    charge,
    grant,
    hold,
    issue,
    ledger_server,
    opened,
    origin,
    plant,
)

from counterfoil.domain.account import Caller
from counterfoil.domain.errors import (
    BadAmount,
    NotFound,
    NotOpen,
    QuotaInsufficient,
    TokenReused,
    Untimely,
    ValueInsufficient,
)
from counterfoil.domain.voucher import VoidKind
from counterfoil.ledger import results
from counterfoil.ledger.batch import Batch
from counterfoil.ledger.charges import Capture, Release
from counterfoil.ledger.command import Command, Needs, Origin, write_of
from counterfoil.ledger.corrections import Adjust, Refund
from counterfoil.ledger.desk import Desk
from counterfoil.ledger.ending import EndVoucher, Sweep
from counterfoil.ledger.moving import Move
from counterfoil.ledger.process import ID_KINDS, Process
from counterfoil.ledger.terms import settle_terms
from counterfoil.store.database import Connection, Database
from counterfoil.store.ids import IdBlocks
from counterfoil.store.journal import Reader

HOUR = timedelta(hours=1)
ROW_COUNTS = """
    select (select count(*) from voucher), (select count(*) from usage),
        (select count(*) from movement), (select count(*) from usage_month),
        (select count(*) from hold), (select count(*) from hold_voucher),
        (select count(*) from idempotency), (select count(*) from pool),
        (select count(*) from pool_movement)
"""


@pytest.fixture(scope="module")
def dsn() -> Iterator[str]:
    with ledger_server() as name:
        yield name


@dataclass
class World:
    """A process, its accounts and its clock."""

    database: Database
    process: Process
    clock: StoppedClock
    tree: Tree

    async def do(self, *commands: Command) -> Any:
        """The answer of one write, or the list of several's."""
        answers = await self.process.run(commands)
        return answers if len(commands) > 1 else answers[0]

    async def scalar(self, sql: str, *parameters: object) -> Any:
        ((value,),) = await self.database.fetch(sql, *parameters)
        return value

    async def rows(self) -> list[int]:
        """How many rows there are in every table that writes touch."""
        (row,) = await self.database.fetch(ROW_COUNTS)
        return list(row)


@pytest.fixture
async def world(dsn: str) -> AsyncIterator[World]:
    """A world of its own, whose books are looked at in the end."""
    clock = StoppedClock()
    async with opened(dsn) as database:
        tree = await plant(database)
        world = World(database, Process(database, clock), clock, tree)
        await world.do(grant(tree.platform, tree.reseller.main_uin, 1_000))
        yield world
        assert await all_breaches(database) == []


async def issued(world: World, face_micro: int, **facts: Any) -> int:
    """The number of a new voucher of the customer's."""
    tree = world.tree
    answer = await world.do(issue(tree.reseller, tree.customer, face_micro, **facts))
    assert isinstance(answer, results.Issued), answer
    return answer.voucher_no


async def usage_of(world: World, *amounts_micro: int, **labels: Any) -> int:
    """The id of the usage row of a new charge."""
    answer = await world.do(
        charge(world.tree.reseller, world.tree.customer, *amounts_micro, **labels)
    )
    return answer.allocations[0].usage_id


def refund(world: World, usage_id: int, amount_micro: int | None = None) -> Refund:
    came_from = origin(world.tree.reseller, None, usage_id, amount_micro)
    return Refund(came_from, world.tree.customer, usage_id, amount_micro)


async def test_a_refund_that_another_overtakes_takes_no_more_than_is_left(
    world: World, dsn: str
) -> None:
    await issued(world, 100)
    await usage_of(world, 50)
    usage_id = await usage_of(world, 10)
    async with opened(dsn) as other, other.transaction() as connection:
        await connection.execute("lock table voucher in access exclusive mode")
        late = asyncio.create_task(world.do(refund(world, usage_id, 10)))
        await _someone_waits(connection)  # it has read the usage row, and waits for the voucher
        (answer,) = await _run_in(connection, other, refund(world, usage_id, 10))
        assert answer.amount_micro == -10
    assert isinstance(await late, ValueInsufficient)


async def test_what_is_refused_leaves_nothing(world: World) -> None:
    before = await world.rows()
    tree = world.tree
    answers = await world.do(
        issue(tree.sub_reseller, tree.customers[1], 10),  # it has had no quota yet
        grant(tree.platform, tree.distributor.main_uin, -10),
        grant(tree.distributor, tree.sub_reseller.main_uin, 10),
        charge(tree.sub_reseller, tree.customer, 10),
        charge(tree.reseller, tree.customer, 10, voucher_nos=(1,)),
        charge(tree.reseller, tree.customer, 10, paid_at=NOON + HOUR),
        refund(world, 1),
    )
    assert [type(answer) for answer in answers] == [
        QuotaInsufficient, QuotaInsufficient, QuotaInsufficient, NotFound, NotFound, Untimely,
        NotFound,
    ]  # fmt: skip
    assert await world.rows() == before


@dataclass(frozen=True)
class Broken:
    """A write with a defect: it fails in a way that nobody has foreseen."""

    origin: Origin
    owner_uin: int

    def needs(self) -> Needs:
        return Needs()

    def decide(self, desk: Desk) -> Any:
        raise RuntimeError("a defect")


def broken(world: World) -> list[Command]:
    """Writes that fail while they are decided, and while they are written."""
    tree = world.tree
    return [
        Broken(origin(tree.reseller), tree.customer),
        charge(tree.reseller, tree.customer, 1, deal_name="half a \ud800 surrogate"),
        charge(tree.reseller, tree.customer, 1, bill_id="a \0 in the text"),
        grant(tree.platform, tree.distributor.main_uin, 2**63),
        issue(tree.platform, tree.customer, 10**14 + 1),
    ]


async def test_writes_that_fail_unforeseen_hurt_nobody_else(world: World) -> None:
    await issued(world, 100)
    tree = world.tree
    commands: list[Command] = []
    for bad in 4 * broken(world):
        commands += [bad, charge(tree.reseller, tree.customer, 2)]
    answers = await world.do(*commands)
    assert [isinstance(answer, results.Charged) for answer in answers] == 20 * [False, True]
    assert all(isinstance(answer, Exception) for answer in answers[::2])
    assert sum(answer.paid_micro for answer in answers[1::2]) == 40
    with pytest.raises(NotFound):
        raise await world.do(charge(tree.sub_reseller, tree.customer, 2))


async def test_a_write_that_fails_alone_is_told_so(world: World) -> None:
    await issued(world, 100)
    for bad in broken(world):
        before = await world.rows()
        answer = await world.do(bad)
        assert isinstance(answer, Exception), answer
        assert not isinstance(answer, ConnectionError)
        assert await world.rows() == before


async def test_a_token_works_once_in_one_batch(world: World) -> None:
    await issued(world, 100)
    tree = world.tree
    first = charge(tree.reseller, tree.customer, 7, token="same")
    other = charge(tree.reseller, tree.customer, 8, token="same")
    one, again, different, once_more = await world.do(first, replace(first), other, replace(first))
    assert one.paid_micro == 7
    assert again == once_more == one
    assert isinstance(different, TokenReused)
    assert await world.do(replace(first)) == one
    assert isinstance(await world.do(other), TokenReused)
    assert await world.scalar("select spent_micro from voucher where owner_uin = $1",
                              tree.customer) == 7  # fmt: skip


async def test_a_token_belongs_to_its_caller_and_its_customer(world: World) -> None:
    tree = world.tree
    own = [
        charge(by, customer, 7, token="same")
        for by in (tree.reseller, tree.platform)
        for customer in tree.customers[3:]
    ]
    answers = await world.do(*own)
    assert [answer.unpaid_micro for answer in answers] == [7, 7, 7, 7]


async def test_a_refused_write_leaves_its_token_free(world: World) -> None:
    tree = world.tree
    refused, paid = await world.do(
        charge(tree.reseller, tree.customer, 7, token="free", voucher_nos=(1,)),
        charge(tree.reseller, tree.customer, 8, token="free"),
    )
    assert isinstance(refused, NotFound)
    assert paid.unpaid_micro == 8


async def test_one_token_at_two_processes_at_once_has_one_effect(world: World, dsn: str) -> None:
    voucher_no = await issued(world, 100)
    tree = world.tree
    async with opened(dsn) as database:
        other = Process(database, world.clock)
        for n in range(10):
            same = charge(tree.reseller, tree.customer, 3, token=f"twice-{n}")
            ((mine,), (theirs,)) = await asyncio.gather(
                world.process.run([same]), other.run([replace(same)])
            )
            assert mine == theirs
            assert mine.allocations[0].voucher_no == voucher_no
    spent = "select spent_micro from voucher where voucher_no = $1"
    assert await world.scalar(spent, voucher_no) == 30


async def test_a_voucher_named_twice_pays_once(world: World) -> None:
    voucher_no = await issued(world, 10)
    tree = world.tree
    twice = (voucher_no, voucher_no)
    paid = await world.do(charge(tree.reseller, tree.customer, 15, 15, voucher_nos=twice))
    assert (paid.paid_micro, paid.unpaid_micro, len(paid.allocations)) == (10, 20, 1)


async def test_a_hold_closed_in_the_batch_that_opens_it(world: World) -> None:
    await issued(world, 10)
    tree = world.tree
    first = await world.do(hold(tree.reseller, tree.customer, 1, expires_at=NOON + HOUR))
    guessed = [first.hold_id + 1, first.hold_id + 2]
    opened_one, captured, opened_two, released = await world.do(
        hold(tree.reseller, tree.customer, 4, expires_at=NOON + HOUR),
        Capture(origin(tree.reseller), tree.customer, guessed[0], 3),
        hold(tree.reseller, tree.customer, 4, expires_at=NOON + HOUR),
        Release(origin(tree.reseller), tree.customer, guessed[1]),
    )
    assert [opened_one.hold_id, opened_two.hold_id] == guessed
    assert (captured.paid_micro, released.amount_micro) == (3, 4)


class Ticking(StoppedClock):
    """A clock that has moved on whenever it is read a second time."""

    def __init__(self, *instants: datetime) -> None:
        super().__init__(instants[-1])
        self._instants = list(instants)

    def ledger(self) -> datetime:
        return self._instants.pop(0) if len(self._instants) > 1 else self._instants[0]


async def test_a_voucher_that_ends_while_it_is_read_pays_nothing(world: World) -> None:
    voucher_no = await issued(world, 10, end_at=NOON + HOUR)
    tree = world.tree
    at_its_end = Process(world.database, Ticking(NOON + HOUR - timedelta(microseconds=1),
                                                 NOON + HOUR))  # fmt: skip
    (answer,) = await at_its_end.run([charge(tree.reseller, tree.customer, 5)])
    assert answer.paid_micro == 0
    left = "select available_micro, expired_micro from voucher where voucher_no = $1"
    assert tuple(*await world.database.fetch(left, voucher_no)) == (10, 0)  # for the sweeper
    world.clock.now = NOON + HOUR
    await world.do(Sweep(origin(tree.platform), tree.customer, (voucher_no,)))
    assert tuple(*await world.database.fetch(left, voucher_no)) == (0, 10)


async def test_a_hold_whose_deadline_comes_while_it_is_read_lapses(world: World) -> None:
    await issued(world, 10)
    tree = world.tree
    held = await world.do(hold(tree.reseller, tree.customer, 4, expires_at=NOON + HOUR))
    late = Process(world.database, Ticking(NOON, NOON + HOUR))
    (answer, charged) = await late.run(
        [
            Capture(origin(tree.reseller), tree.customer, held.hold_id),
            charge(tree.reseller, tree.customer, 10),
        ]
    )
    assert isinstance(answer, NotOpen)
    assert charged.paid_micro == 10


async def test_a_clock_that_is_behind_posts_at_the_last_instant(world: World) -> None:
    await issued(world, 10)
    usage_id = await usage_of(world, 10)
    behind = Process(world.database, StoppedClock(NOON - HOUR))
    (corrected,) = await behind.run([refund(world, usage_id, 4)])
    ((posted_at, paid_at, completed_at),) = await world.database.fetch(
        "select posted_at, paid_at, completed_at from usage where usage_id = $1",
        corrected.usage_id,
    )
    assert posted_at == paid_at == completed_at == NOON


async def test_labels_default_to_the_second_of_the_write(world: World) -> None:
    await issued(world, 10)
    tree = world.tree
    world.clock.now = NOON + timedelta(seconds=5.7)
    second = NOON + timedelta(seconds=5)
    charged = await world.do(charge(tree.reseller, tree.customer, 1, completed_at=second))
    assert charged.paid_micro == 1
    held = await world.do(hold(tree.reseller, tree.customer, 1, expires_at=NOON + HOUR))
    captured = await world.do(
        Capture(origin(tree.reseller), tree.customer, held.hold_id, None, second)
    )
    assert captured.paid_micro == 1
    labels = await world.database.fetch(
        "select distinct paid_at, completed_at from usage where owner_uin = $1", tree.customer
    )
    assert [tuple(row) for row in labels] == [(second, second)]


@pytest.mark.parametrize("amount_micro", [0, -1])
async def test_amounts_that_cant_be_meant_are_refused(world: World, amount_micro: int) -> None:
    await issued(world, 10)
    tree = world.tree
    usage_id = await usage_of(world, 2)
    held = await world.do(hold(tree.reseller, tree.customer, 4, expires_at=NOON + HOUR))
    before = await world.rows()
    commands = [
        issue(tree.reseller, tree.customer, amount_micro),
        charge(tree.reseller, tree.customer, 5, amount_micro),
        hold(tree.reseller, tree.customer, amount_micro, expires_at=NOON + HOUR),
        Capture(origin(tree.reseller), tree.customer, held.hold_id, amount_micro),
        refund(world, usage_id, amount_micro),
        *([] if amount_micro else [
            grant(tree.platform, tree.reseller.main_uin, 0),
            Adjust(origin(tree.reseller), tree.customer, usage_id, 0),
        ]),
    ]  # fmt: skip
    answers = await world.do(*commands)
    assert {type(answer) for answer in answers} == {BadAmount}
    assert await world.rows() == before


async def test_a_moved_customers_voucher_is_ended_from_above_its_issuer(world: World) -> None:
    tree = world.tree
    customer = tree.customers[1]
    await world.do(
        grant(tree.platform, tree.distributor.main_uin, 100),
        grant(tree.distributor, tree.sub_reseller.main_uin, 50),
    )
    given = await world.do(issue(tree.sub_reseller, customer, 50))
    await world.do(Move(origin(tree.distributor), customer, tree.distributor.main_uin, True))

    def end(by: Caller) -> EndVoucher:
        return EndVoucher(origin(by), customer, given.voucher_no, VoidKind.WITHDRAWN)

    assert isinstance(await world.do(end(tree.sub_reseller)), NotFound)
    assert await world.do(end(tree.distributor)) == results.Moved(50)


async def test_nothing_returns_where_the_issuers_policy_says_so(dsn: str) -> None:
    nothing = Policies(on_refund=False, on_expiry=False, on_withdrawal=False)
    async with opened(dsn) as database:
        tree = await plant(database, reseller=nothing)
        clock = StoppedClock()
        world = World(database, Process(database, clock), clock, tree)
        await world.do(grant(tree.platform, tree.reseller.main_uin, 100))
        ended, left = await issued(world, 30), await issued(world, 20, end_at=NOON + 2 * YEAR)
        usage_id = await usage_of(world, 5)
        assert await world.do(refund(world, usage_id)) == results.Corrected(None, 0)
        withdraw = EndVoucher(origin(tree.reseller), tree.customer, ended, VoidKind.WITHDRAWN)
        assert await world.do(withdraw) == results.Moved(25)
        clock.now = NOON + 2 * YEAR
        await world.do(Sweep(origin(tree.platform), tree.customer, (left,)))
        pool = "select available_micro, returned_micro from pool where partner_uin = $1"
        rows = await database.fetch(pool, tree.reseller.main_uin)
        assert [tuple(row) for row in rows] == [(50, 0)]
        assert await all_breaches(database) == []


async def test_a_locking_batch_writes_like_any_other(world: World) -> None:
    voucher_no = await issued(world, 100)
    tree = world.tree
    usage_id = await usage_of(world, 10)
    held = await world.do(hold(tree.reseller, tree.customer, 4, expires_at=NOON + HOUR))
    commands: list[Command] = [
        issue(tree.platform, tree.customer, 5),
        charge(tree.reseller, tree.customer, 20),
        Capture(origin(tree.reseller), tree.customer, held.hold_id),
        refund(world, usage_id),
        EndVoucher(origin(tree.reseller), tree.customer, voucher_no, VoidKind.WITHDRAWN),
    ]
    ids = IdBlocks(world.database, ID_KINDS)
    await ids.refill()
    writes = [write_of(command) for command in commands]
    terms = await settle_terms(world.database, writes)
    async with world.database.transaction() as connection:
        batch = Batch(connection, ids, Reader(), world.clock, terms)
        answers = await batch.run(writes, is_locking=True)
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert answers[-1] == results.Moved(100 - 15 - 4)


async def _run_in(connection: Connection, database: Database, *commands: Command) -> list[Any]:
    """A batch of another process, in a transaction of the test's."""
    ids = IdBlocks(database, ID_KINDS)
    await ids.refill()
    batch = Batch(connection, ids, Reader(), StoppedClock(), {})
    return await batch.run([write_of(one) for one in commands], is_locking=False)


async def _someone_waits(connection: Connection) -> None:
    """Until another session waits for a lock."""
    waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
    for _ in range(2_000):
        if await connection.fetchval(waiting):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("nobody waits")
