"""Vouchers that may pay are read in instalments, and nobody can tell: a charge of a customer with
many vouchers pays what it would if all had been read."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from tests.audit import all_breaches
from tests.books import (
    NOON,
    RETURN_ALL,
    Policies,
    StoppedClock,
    bought,
    issue,
    opened,
    origin,
    plant,
)
from tests.store.world import World

from counterfoil.domain.burndown import Policy, burn_down
from counterfoil.domain.voucher import ProductScope, Terms, Voucher
from counterfoil.ledger import results
from counterfoil.ledger.charges import Charge, OpenHold, Purchase
from counterfoil.ledger.corrections import Refund
from counterfoil.ledger.explaining import Explanations
from counterfoil.ledger.process import Process
from counterfoil.store.reader import CANDIDATES_MAX, INSTALMENTS, Reader

DAY = timedelta(days=1)
TERMS = (
    Terms(),
    Terms(),
    Terms(product_scope=ProductScope.ALLOW, product_codes=("p_cbs",)),
    Terms(pay_mode="prepay"),
    Terms(min_spend_micro=60),
)
LIVE = """
    select voucher_no from voucher where owner_uin = $1 and has_available
    order by priority, end_at, voucher_no limit $2
"""


@dataclass
class Customer:
    """A customer of many vouchers; `paid` are usages (id, voucher, amount) that may be refunded."""

    world: World
    uin: int
    policy: Policy
    rng: Random
    paid: list[tuple[int, int, int]] = field(default_factory=list)

    async def vouchers(self, *named: int) -> dict[int, Voucher]:
        """All that a charge considers, as they stand now, and these."""
        async with self.world.database.transaction() as connection:
            rows = await connection.fetch(LIVE, self.uin, CANDIDATES_MAX)
            keys = {(self.uin, number) for number in (*named, *(number for (number,) in rows))}
            found = await Reader().by_number(connection, keys)
        return {number: voucher for (_, number), voucher in found.items()}

    async def be_given(self, count: int, ends: int) -> None:
        """Vouchers of small amounts, many of which end together."""
        rng = self.rng
        asked = [
            issue(
                self.world.tree.platform,
                self.uin,
                rng.randint(1, 40),
                end_at=NOON + DAY * rng.randint(1, ends),
                priority=rng.choice([0, 0, 0, 1]),
                terms=rng.choice(TERMS),
            )
            for _ in range(count)
        ]
        answers = await self.world.process.run(asked)
        assert all(isinstance(answer, results.Issued) for answer in answers)

    def purchase(self) -> Purchase:
        """Mostly one that a few vouchers pay."""
        rng = self.rng
        amounts = [rng.choice([1, 20, 50, 90]) for _ in range(rng.choice([1, 1, 2]))]
        if rng.random() < 0.1:
            amounts.append(rng.choice([700, 2_500, 9_000]))
        return bought(*amounts, product=rng.choice(["p_cvm", "p_cvm", "p_cbs"]))

    async def spend(self, size: int) -> None:
        """Has a batch of charges, holds and refunds pay what it should."""
        by, rng = self.world.tree.distributor, self.rng
        asked: list[Charge | OpenHold | Refund] = []
        refunds = {}
        for _ in range(size):
            if self.paid and rng.random() < 0.1:
                usage = self.paid.pop(rng.randrange(len(self.paid)))
                asked.append(Refund(origin(by), self.uin, usage[0]))
                refunds[usage[0]] = usage[1:]
            elif rng.random() < 0.2:
                asked.append(OpenHold(origin(by), self.uin, self.purchase(), NOON + DAY))
            else:
                asked.append(Charge(origin(by), self.uin, self.purchase()))
        vouchers = await self.vouchers(*(number for number, _ in refunds.values()))
        answers = await self.world.process.run(asked)
        for one, answer in zip(asked, answers, strict=True):
            if isinstance(one, Refund):
                number, amount_micro = refunds[one.usage_id]
                vouchers[number].available_micro += amount_micro
            else:
                expected = self.expected(list(vouchers.values()), one.purchase)
                assert self.payments(answer) == expected

    def expected(self, vouchers: Sequence[Voucher], purchase: Purchase) -> dict[int, int]:
        """What each voucher pays, decided on all of them; it is taken from them."""
        pays = {}
        for verdict in burn_down(vouchers, purchase.due(), policy=self.policy, now=NOON):
            if verdict.shares:
                pays[verdict.voucher.voucher_no] = verdict.amount_micro
                verdict.voucher.available_micro -= verdict.amount_micro
        return pays

    def payments(self, answer: Any) -> dict[int, int]:
        """What each voucher paid, by an answer; kept in mind for refunds."""
        if isinstance(answer, results.Held):
            return {part.voucher_no: part.amount_micro for part in answer.parts}
        assert isinstance(answer, results.Charged), answer
        own = [(one.usage_id, one.voucher_no, one.amount_micro) for one in answer.allocations]
        self.paid += own
        return {number: amount_micro for _, number, amount_micro in own}


@pytest.fixture(params=Policy)
async def customer(request: pytest.FixtureRequest, dsn: str) -> AsyncIterator[Customer]:
    async with opened(dsn) as database:
        clock = StoppedClock()
        tree = await plant(database, distributor=Policies(request.param))
        world = World(database, Process(database, clock), clock, tree)
        yield Customer(world, tree.customers[0], request.param, Random(0))
        assert await all_breaches(database) == []


@pytest.mark.parametrize(
    ("count", "ends"), [(20, 3), (33, 1), (90, 40), (300, 2), (700, 90), (1_100, 1), (1_100, 400)]
)
async def test_charges_pay_as_if_all_vouchers_had_been_read(
    customer: Customer, count: int, ends: int
) -> None:
    customer.rng = Random(count * ends)
    await customer.be_given(count, ends)
    for size in (1, 1, 1, 3, 30, 90):
        await customer.spend(size)


async def test_a_charge_does_what_was_explained(customer: Customer) -> None:
    await customer.be_given(300, 5)
    world, by = customer.world, customer.world.tree.distributor
    explanations = Explanations(world.database, world.clock)
    for amount_micro in (10, 800, 2_500):
        purchase = bought(amount_micro)
        told = await explanations.of_charge(by, customer.uin, purchase)
        done = await world.do(Charge(origin(by), customer.uin, purchase))
        assert len(told.verdicts) == 300  # one for each voucher
        assert (told.paid_micro, told.unpaid_micro) == (done.paid_micro, done.unpaid_micro)
        shares = {v.voucher.voucher_no: v.amount_micro for v in told.verdicts if v.shares}
        assert shares == customer.payments(done)


async def test_charges_of_many_customers_are_each_paid_from_the_own(customer: Customer) -> None:
    """In one batch, some with none or few vouchers, some with more than are read at once."""
    world, rng = customer.world, customer.rng
    policies = (customer.policy, RETURN_ALL.burn)
    others = [
        Customer(world, uin, Policy(policies[n > 2]), rng)
        for n, uin in enumerate(world.tree.customers)
    ]
    for other, count in zip(others, (5, 40, 250, 0, 100), strict=True):
        await other.be_given(count, 3)
    for _ in range(2):
        before = [await other.vouchers() for other in others]
        turns = [n for n in range(len(others)) for _ in range(12)]
        rng.shuffle(turns)
        purchases = [others[n].purchase() for n in turns]
        answers = await world.process.run(
            [
                Charge(origin(world.tree.platform), others[n].uin, purchase)
                for n, purchase in zip(turns, purchases, strict=True)
            ]
        )
        for n, purchase, answer in zip(turns, purchases, answers, strict=True):
            expected = others[n].expected(list(before[n].values()), purchase)
            assert others[n].payments(answer) == expected


async def test_no_more_is_read_than_asked_for(customer: Customer) -> None:
    await customer.be_given(100, 40)
    first, reader = INSTALMENTS[0], Reader()
    async with customer.world.database.transaction() as connection:
        for _ in range(2):  # not known yet to have many, and known
            found = await reader.candidates(connection, [customer.uin], NOON, first)
            assert len(found.vouchers) == first
