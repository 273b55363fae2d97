"""Every use case at random, in any order and at any time, against a ledger in plain Python.

After each step answers, balances and pages must be the model's, and the journal must come to what
is stored. SOAK=1 makes it a hundred times as long.
"""

import asyncio
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
import uvloop
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from tests.audit import all_breaches, breaches
from tests.books import (
    YEAR,
    Policies,
    StoppedClock,
    Tree,
    assert_books,
    grant,
    issue,
    ledger_server,
    opened,
    plant,
)
from tests.property import pages
from tests.property.asks import LONG, SHORT, Books, ask
from tests.property.model import Answer, Model
from tests.property.model_values import Voucher

from counterfoil.domain.account import AccountKind, Caller
from counterfoil.ledger import results
from counterfoil.ledger.command import Command
from counterfoil.ledger.process import Process
from counterfoil.ledger.usage import UsageQueries
from counterfoil.store.database import Database
from counterfoil.store.reader import INSTALMENTS
from counterfoil.store.usage_pages import CustomerUsageQuestion

IS_SOAK = bool(os.environ.get("SOAK"))
STEPS = 50
RUNS = 4_000 if IS_SOAK else 60

NEARLY_APRIL = datetime(2026, 3, 31, 15, 59, 30, tzinfo=UTC)  # in UTC+8
TICK = timedelta(microseconds=1)
BUCKETS = ("available", "held", "spent", "expired", "voided")
VOUCHERS = """
    select voucher_no, face_micro, available_micro, held_micro, spent_micro, expired_micro,
        voided_micro, record_count, void_kind
    from voucher where owner_uin = any($1::bigint[]) order by voucher_no
"""
POOLS = """
    select partner_uin, total_micro, available_micro, issued_micro, returned_micro,
        allocated_micro, issued_count
    from pool where partner_uin = any($1::bigint[]) order by partner_uin
"""
HOLDS = "select hold_id, state from hold where owner_uin = any($1::bigint[]) order by hold_id"
CODE = "select code from voucher where owner_uin = $1 and voucher_no = $2"


class Run:
    """One tree of accounts, from its first quota on; `rng` decides all that happens to it."""

    def __init__(self, database: Database, rng: Random) -> None:
        self.rng = rng
        self.database = database
        self.clock = StoppedClock(NEARLY_APRIL)
        # Few vouchers are there to be read in instalments, unless these are small.
        self.process = Process(database, self.clock, rng.choice([(1, 2), INSTALMENTS]))
        self.usage = UsageQueries(database)
        self.commands: list[Command] = []
        self.tree: Tree
        self.model: Model

    async def begin(self) -> None:
        """Plants accounts with policies by chance; gives quota, and two customers vouchers."""
        chosen = {name: self._policies() for name in ("distributor", "sub_reseller", "reseller")}
        self.tree = tree = await plant(self.database, **chosen)
        top, middle = tree.platform.main_uin, tree.distributor.main_uin
        sub, single = tree.sub_reseller.main_uin, tree.reseller.main_uin
        above_customers = (middle, sub, sub, single, single)
        parents = {middle: top, single: top, sub: middle}
        parents |= dict(zip(tree.customers, above_customers, strict=True))
        kinds = dict.fromkeys(tree.customers, "customer")
        kinds |= {by.main_uin: by.kind.value for by in (tree.platform, *tree.partners)}
        uins = {"distributor": middle, "sub_reseller": sub, "reseller": single}
        policies = {top: Policies()} | {uins[name]: own for name, own in chosen.items()}
        self.model = Model(kinds, parents, policies)
        await self._write([grant(tree.platform, middle, 400), grant(tree.platform, single, 400)])
        await self._write([grant(tree.distributor, sub, 200), grant(tree.platform, sub, 200)])
        for by, n in ((tree.sub_reseller, 1), (tree.reseller, 3)):
            lasting = {12: timedelta(days=40), 30: 10 * YEAR, 31: 10 * YEAR}
            await self._write(
                [
                    issue(by, tree.customers[n], face, end_at=self.clock.now + span)
                    for face, span in lasting.items()
                ]
            )

    async def step(self) -> None:
        """Somebody writes, or time passes."""
        does = self.rng.choices([self._write_anew, self._repeat, self._let_pass], [8, 2, 3])
        await does[0]()

    def _policies(self) -> Policies:
        def chance() -> bool:
            return self.rng.random() < 0.5

        return Policies(self.rng.choice(["intl", "cn"]), chance(), chance(), chance())

    async def _write_anew(self) -> None:
        """Some writes, in one batch."""
        books = Books(self.tree, self.model, self.clock.now, self.rng)
        await self._write([ask(books) for _ in range(self.rng.choice([1, 1, 1, 2, 3, 5]))])
        await self._look()

    async def _repeat(self) -> None:
        """A write once more, and a new one several times; each unchanged, or with another request
        under its token."""
        new = ask(Books(self.tree, self.model, self.clock.now, self.rng))
        earlier = self.rng.choice(self.commands[-20:])
        again = [self._again(command) for command in self.rng.choices([earlier, new], k=3)]
        await self._write([new, *again])
        await self._look()

    def _again(self, command: Any) -> Command:
        is_other = self.rng.random() < 0.2
        came_from = replace(command.origin, digest=b"another") if is_other else command.origin
        again: Command = replace(command, origin=came_from)
        return again

    async def _let_pass(self) -> None:
        """Time passes: a while, or until something begins or ends, or to the instant before."""
        now, rng = self.clock.now, self.rng
        instants = [at for v in self.model.vouchers.values() for at in (v.begin, v.asked.end_at)]
        instants += [hold.expires for hold in self.model.holds.values() if hold.state == "open"]
        ahead = sorted(at for at in instants if now + TICK < at < now + timedelta(days=60))
        if ahead and rng.random() < 0.5:
            self.clock.now = rng.choice(ahead[:2]) - rng.choice([TICK, timedelta(0)])
        else:
            self.clock.now += rng.choice([*SHORT, *SHORT, timedelta(hours=5), LONG[0]])

    async def _write(self, commands: Sequence[Command]) -> None:
        answers = await self.process.run(commands)
        given_answers = [plain(answer) for answer in answers]
        expected = self.model.batch(commands, given_answers, self.clock.now)
        note(f"{self.clock.now}: {list(zip(commands, given_answers, strict=True))}")
        assert given_answers == expected
        self.commands += commands
        await self._compare(sorted({command.owner_uin for command in commands}))

    async def _compare(self, owners: list[int]) -> None:
        """Stored balances are the model's, and what the journal comes to."""
        model, customers = self.model, list(self.tree.customers)
        partners = [partner.main_uin for partner in self.tree.partners]
        async with self.database.survey() as connection:
            vouchers = await connection.fetch(VOUCHERS, customers)
            pools = await connection.fetch(POOLS, partners)
            holds = await connection.fetch(HOLDS, customers)
            assert await breaches(connection, owners, partners) == []
        assert [tuple(row) for row in vouchers] == [
            (no, v.asked.face_micro, *(v.buckets[b] for b in BUCKETS), len(v.usages), v.void)
            for no, v in sorted(model.vouchers.items())
        ]
        assert [tuple(row) for row in pools] == [
            (uin, p.total, p.available, p.issued, p.returned, p.allocated, p.issues)
            for uin, p in sorted(model.pools.items())
        ]
        assert [tuple(row) for row in holds] == [
            (hold.id, hold.state) for _, hold in sorted(model.holds.items())
        ]

    async def _look(self) -> None:
        """Both actions show a voucher's usage as the model has it."""
        rng = self.rng
        if self.model.usages:
            voucher = rng.choice([usage.voucher for usage in self.model.usages.values()])
            size, skip = rng.randint(1, 3), rng.randint(0, 3)
            await self._compare_pages(voucher, size, skip, is_chinese=rng.random() < 0.5)

    async def _compare_pages(
        self, voucher: Voucher, size: int, skip: int, *, is_chinese: bool
    ) -> None:
        usages, owner = voucher.usages, voucher.owner
        spent_micro = sum(usage.amount for usage in usages)
        ((code,),) = await self.database.fetch(CODE, owner, voucher.no)
        own = await self.usage.own(
            Caller(owner, owner, AccountKind.CUSTOMER), code, skip=skip, size=size,
            is_chinese=is_chinese,
        )  # fmt: skip
        assert (own.spent_micro, own.record_count) == (spent_micro, len(usages))
        assert pages.rows_of(own.rows) == [
            pages.for_owner(usage, code, is_chinese=is_chinese)
            for usage in pages.page(usages, skip, size)
        ]
        parent = self.model.parents[owner]
        if voucher.issuer not in (parent, self.model.parents.get(parent)):
            return
        for month in (0, *sorted({pages.month_of(usage.paid_at) for usage in usages})):
            question = CustomerUsageQuestion(
                voucher.issuer, owner, voucher.no, month, skip, size, is_chinese
            )
            shown = await self.usage.of_customer(question)
            listed = [u for u in usages if month in (0, pages.month_of(u.paid_at))]
            totals = (voucher.asked.face_micro, spent_micro, len(usages), len(listed))
            assert totals == (
                shown.face_micro, shown.spent_micro, shown.record_count, shown.month_record_count
            )  # fmt: skip
            assert pages.rows_of(shown.rows) == [
                pages.for_partner(usage, is_chinese=is_chinese)
                for usage in pages.page(listed, skip, size)
            ]


PLAIN: dict[type, Callable[[Any], Answer]] = {
    results.Charged: lambda a: (
        "charged", a.paid_micro, a.unpaid_micro,
        tuple((x.voucher_no, x.usage_id, x.ordinal, x.amount_micro, _shares(x.shares))
              for x in a.allocations),
    ),
    results.Held: lambda a: (
        "held", a.hold_id, a.held_micro, a.unheld_micro,
        tuple((x.voucher_no, x.amount_micro, _shares(x.shares)) for x in a.parts),
    ),
    results.Issued: lambda a: ("issued", a.voucher_no),
    results.Corrected: lambda a: ("corrected", a.usage_id, a.amount_micro),
    results.Quota: lambda a: ("quota", a.total_micro, a.remaining_micro),
    results.Moved: lambda a: ("moved", a.amount_micro),
    results.CustomerMoved: lambda a: ("customer moved", a.voucher_count, a.voided_micro),
    results.Done: lambda _: ("done",),
}  # fmt: skip


def plain(answer: Any) -> Answer:
    """An answer as the model words it."""
    shown = PLAIN.get(type(answer))
    assert shown or isinstance(answer, Exception), answer
    return shown(answer) if shown else (type(answer).__name__,)


def _shares(shares: Any) -> tuple[tuple[int, int], ...]:
    return tuple((share.line_no, share.amount_micro) for share in shares)


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        yield runner.get_loop()


@pytest.fixture(scope="module")
def database(loop: asyncio.AbstractEventLoop) -> Iterator[Database]:
    """A database that may forget its last second: nobody kills it here."""
    with ledger_server() as dsn:
        database = loop.run_until_complete(_unsynchronised(dsn))
        yield database
        loop.run_until_complete(database.close())


async def _unsynchronised(dsn: str) -> Database:
    async with opened(dsn) as database, database.transaction() as connection:
        await connection.execute("alter database counterfoil set synchronous_commit to off")
    return await Database.open(dsn)


@pytest.mark.timeout(0 if IS_SOAK else 300)
def test_the_ledger_does_what_the_model_does(
    loop: asyncio.AbstractEventLoop, database: Database
) -> None:
    @settings(
        max_examples=RUNS, deadline=None, suppress_health_check=list(HealthCheck),
        phases=[Phase.reuse, Phase.generate],  # a smaller seed is no simpler run
    )  # fmt: skip
    @given(st.integers(0, 2**64 - 1))
    def happens(seed: int) -> None:
        async def happen() -> None:
            run = Run(database, Random(seed))
            await run.begin()
            for _ in range(STEPS):
                await run.step()

        loop.run_until_complete(happen())

    happens()
    assert loop.run_until_complete(all_breaches(database)) == []
    loop.run_until_complete(assert_books(database))
