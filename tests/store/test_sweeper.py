"""What is due is posted although nobody writes."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from tests.books import (
    Policies,
    StoppedClock,
    Tree,
    assert_books,
    assert_books_at,
    grant,
    hold,
    issue,
    ledger_server,
    opened,
    plant,
)
from tests.databases import query
from tests.serving import running

from counterfoil.domain.account import Caller
from counterfoil.domain.errors import QuotaInsufficient, Unavailable
from counterfoil.ledger import results, sweeper
from counterfoil.ledger.command import Command
from counterfoil.ledger.process import Process
from counterfoil.ledger.sweeper import Sweeper
from counterfoil.store import embedded
from counterfoil.store.database import Database

DAY = timedelta(days=1)
NOTHING_RETURNS = Policies(on_refund=False, on_expiry=False, on_withdrawal=False)


@pytest.fixture(scope="module")
def dsn() -> Iterator[str]:
    with ledger_server() as name:
        yield name


@dataclass
class World:
    database: Database
    clock: StoppedClock
    process: Process
    sweeper: Sweeper
    tree: Tree

    async def do(self, command: Command) -> Any:
        (answer,) = await self.process.run([command])
        assert not isinstance(answer, Exception), answer
        return answer

    async def issued(self, by: Caller, owner_uin: int, face_micro: int, lasts: timedelta) -> int:
        answer = await self.do(issue(by, owner_uin, face_micro, end_at=self.clock.now + lasts))
        voucher_no: int = answer.voucher_no
        return voucher_no

    async def movements(self, owner_uin: int) -> list[tuple[Any, ...]]:
        """Kind, buckets and amount of all but issues and holds, oldest first."""
        rows = await self.database.fetch(
            "select m.kind, m.from_bucket, m.to_bucket, m.amount_micro from movement as m "
            "where m.owner_uin = $1 and m.kind not in ('issue', 'hold') order by m.movement_id",
            owner_uin,
        )
        return [tuple(row) for row in rows]

    async def quota(self, partner: Caller) -> tuple[int, int]:
        """What a partner's pool has available, and what has returned to it."""
        rows = await self.database.fetch(
            "select p.available_micro, p.returned_micro from pool as p where p.partner_uin = $1",
            partner.main_uin,
        )
        return rows[0][0], rows[0][1]


@pytest.fixture
async def world(dsn: str) -> AsyncIterator[World]:
    """Accounts of a test's own; the books are verified in the end."""
    async with opened(dsn) as database:
        tree = await plant(database, sub_reseller=NOTHING_RETURNS)
        clock = StoppedClock()
        process = Process(database, clock)
        world = World(database, clock, process, Sweeper(database, process, clock), tree)
        await world.do(grant(tree.platform, tree.reseller.main_uin, 10_000))
        await world.do(grant(tree.platform, tree.distributor.main_uin, 10_000))
        await world.do(grant(tree.distributor, tree.sub_reseller.main_uin, 10_000))
        yield world
        await assert_books(database)


async def test_quota_that_is_due_back_is_issued_before_anything_swept(world: World) -> None:
    """That of an ended voucher and of a hold on one, past its deadline; no quota of others."""
    tree, owner = world.tree, world.tree.customer
    end_at = world.clock.now + DAY
    await world.issued(tree.reseller, owner, 600, DAY)
    held = await world.issued(tree.reseller, owner, 400, DAY)
    await world.do(hold(tree.reseller, owner, 400, expires_at=end_at, voucher_nos=(held,)))
    await world.issued(tree.sub_reseller, tree.customers[1], 100, DAY)
    world.clock.now = end_at
    too_much, all_of_it, nothing_back = await world.process.run(
        [
            issue(tree.reseller, owner, 10_001),
            issue(tree.reseller, tree.customers[4], 10_000),
            issue(tree.sub_reseller, tree.customers[1], 10_000),
        ]
    )
    assert isinstance(all_of_it, results.Issued)
    assert [type(answer) for answer in (too_much, nothing_back)] == [QuotaInsufficient] * 2
    assert await world.quota(tree.reseller) == (0, 1_000)
    assert await world.movements(tree.customers[1]) == []  # its vouchers give nothing back


async def test_a_voucher_that_ends_expires_and_its_quota_returns(world: World) -> None:
    tree = world.tree
    await world.issued(tree.reseller, tree.customer, 700, DAY)
    await world.issued(tree.reseller, tree.customer, 50, 2 * DAY)
    world.clock.now += DAY - timedelta(microseconds=1)
    await world.sweeper.sweep()
    assert await world.movements(tree.customer) == []
    world.clock.now += timedelta(microseconds=1)
    await world.sweeper.sweep()
    assert await world.movements(tree.customer) == [("expire", "available", "expired", 700)]
    assert await world.quota(tree.reseller) == (10_000 - 50, 700)


async def test_quota_stays_away_where_the_policy_says_so(world: World) -> None:
    tree = world.tree
    customer_uin = tree.customers[1]
    await world.issued(tree.sub_reseller, customer_uin, 700, DAY)
    world.clock.now += DAY
    await world.sweeper.sweep()
    assert await world.movements(customer_uin) == [("expire", "available", "expired", 700)]
    assert await world.quota(tree.sub_reseller) == (10_000 - 700, 0)


async def test_a_hold_lapses_at_its_deadline(world: World) -> None:
    tree = world.tree
    await world.issued(tree.reseller, tree.customer, 700, 3 * DAY)
    deadline = world.clock.now + DAY
    await world.do(hold(tree.reseller, tree.customer, 400, expires_at=deadline))
    await world.do(hold(tree.reseller, tree.customer, 20, expires_at=deadline + 3 * DAY))
    world.clock.now = deadline
    await world.sweeper.sweep()
    assert await world.movements(tree.customer) == [("lapse", "held", "available", 400)]
    world.clock.now = deadline + 3 * DAY
    await world.sweeper.sweep()
    assert sorted(await world.movements(tree.customer)) == [
        ("expire", "available", "expired", 680),
        ("lapse", "held", "available", 400),
        ("lapse", "held", "expired", 20),
    ]
    assert await world.quota(tree.reseller) == (10_000, 700)


async def test_a_hold_of_nothing_lapses_too(world: World) -> None:
    tree = world.tree
    held = await world.do(hold(tree.reseller, tree.customer, 5, expires_at=world.clock.now + DAY))
    world.clock.now += DAY
    await world.sweeper.sweep()
    ((state,),) = await world.database.fetch(
        "select h.state from hold as h where h.owner_uin = $1 and h.hold_id = $2",
        tree.customer,
        held.hold_id,
    )
    assert state == "lapsed"


async def test_several_sweepers_post_everything_once(
    world: World, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeper, "BATCH_MAX", 7)
    tree = world.tree
    for customer_uin in tree.customers[3:]:
        for _ in range(20):
            await world.issued(tree.reseller, customer_uin, 10, DAY)
    world.clock.now += DAY
    async with opened(dsn) as other:
        twin = Sweeper(other, Process(other, world.clock), world.clock)
        await asyncio.gather(world.sweeper.sweep(), twin.sweep(), world.sweeper.sweep())
    for customer_uin in tree.customers[3:]:
        expiry = ("expire", "available", "expired", 10)
        assert await world.movements(customer_uin) == [expiry] * 20
    assert await world.quota(tree.reseller) == (10_000, 400)


async def test_what_cant_be_posted_keeps_nothing_else_waiting(world: World) -> None:
    tree = world.tree
    broken = await world.issued(tree.reseller, tree.customer, 30, DAY)
    await world.issued(tree.reseller, tree.customer, 40, 2 * DAY)
    change = "update voucher set posting_count = {} where owner_uin = $1 and voucher_no = $2"
    await world.database.fetch(change.format(2**31 - 1), tree.customer, broken)
    world.clock.now += 2 * DAY
    await world.sweeper.sweep()
    assert await world.movements(tree.customer) == [("expire", "available", "expired", 40)]
    await world.database.fetch(change.format(1), tree.customer, broken)
    await world.sweeper.sweep()
    assert len(await world.movements(tree.customer)) == 2


async def test_it_goes_on_when_the_database_comes_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = world.tree
    await world.issued(tree.reseller, tree.customer, 30, DAY)
    world.clock.now += DAY
    refusals = [Unavailable("gone"), ValueError("odd")]
    sweep, swept = world.sweeper.sweep, asyncio.Event()

    async def stumble() -> None:
        if refusals:
            raise refusals.pop()
        await sweep()
        swept.set()

    monkeypatch.setattr(world.sweeper, "sweep", stumble)
    monkeypatch.setattr(sweeper, "PAUSE_S", 0.01)
    task = asyncio.create_task(world.sweeper.run())
    await swept.wait()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert await world.movements(tree.customer) == [("expire", "available", "expired", 30)]


def test_a_server_sweeps_by_itself() -> None:
    """The sample holds two vouchers that have ended with value left."""
    with running("--sample") as server:
        dsn = embedded.dsn(server.data)
        expiries = "select m.amount_micro from movement as m where m.kind = 'expire' order by 1"
        deadline_s = time.monotonic() + 30
        while len(rows := query(dsn, expiries)) < 2:
            assert time.monotonic() < deadline_s
            time.sleep(0.05)
        assert rows == [(990_000_000,), (76_600_000_000,)]
        assert_books_at(dsn)
