"""What writes refuse, what they settle, and that one that fails hurts no other in its batch."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from tests.audit import all_breaches
from tests.books import (
    NOON,
    YEAR,
    Policies,
    StoppedClock,
    charge,
    grant,
    hold,
    issue,
    opened,
    origin,
    plant,
)
from tests.store.world import World, issued, refund, usage_of

from counterfoil.domain.account import Caller
from counterfoil.domain.errors import BadAmount, NotFound, QuotaInsufficient, Untimely
from counterfoil.domain.voucher import VoidKind
from counterfoil.ledger import results
from counterfoil.ledger.charges import Capture, Release
from counterfoil.ledger.command import Command, Needs, Origin
from counterfoil.ledger.corrections import Adjust
from counterfoil.ledger.desk import Desk
from counterfoil.ledger.ending import EndVoucher, Sweep
from counterfoil.ledger.moving import Move
from counterfoil.ledger.process import Process

HOUR = timedelta(hours=1)


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
