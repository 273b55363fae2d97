"""Writes that meet: in two processes, or halfway between reading and writing."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tests.books import NOON, StoppedClock, charge, hold, issue, opened, origin
from tests.store.world import World, issued, refund, usage_of

from counterfoil.domain.errors import NotOpen, ValueInsufficient
from counterfoil.domain.voucher import VoidKind
from counterfoil.ledger import results
from counterfoil.ledger.batch import Batch
from counterfoil.ledger.charges import Capture
from counterfoil.ledger.command import Command, write_of
from counterfoil.ledger.ending import EndVoucher, Sweep
from counterfoil.ledger.process import ID_KINDS, Process
from counterfoil.ledger.terms import settle_terms
from counterfoil.store.database import Connection, Database
from counterfoil.store.ids import IdBlocks
from counterfoil.store.reader import Reader

HOUR = timedelta(hours=1)


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


async def test_a_hold_that_another_closes_while_it_is_read_is_not_open(
    world: World, dsn: str
) -> None:
    await issued(world, 100)
    tree = world.tree
    held = await world.do(hold(tree.reseller, tree.customer, 30, expires_at=NOON + HOUR))
    first, second = (Capture(origin(tree.reseller), tree.customer, held.hold_id) for _ in range(2))
    async with opened(dsn) as other, other.transaction() as connection:
        await connection.execute("lock table voucher in access exclusive mode")
        late = asyncio.create_task(world.do(second))
        await _someone_waits(connection)  # it has read the hold, and waits for its voucher
        (answer,) = await _run_in(connection, other, first)
        assert answer.paid_micro == 30
    assert isinstance(await late, NotOpen)


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
    writes = [write_of(command) for command in commands]
    ids = IdBlocks(world.database, ID_KINDS)
    await ids.refill()
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
    return await batch.run([write_of(command) for command in commands], is_locking=False)


async def _someone_waits(connection: Connection) -> None:
    """Until another session waits for a lock."""
    waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
    for _ in range(2_000):
        if await connection.fetchval(waiting):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("nobody waits")
