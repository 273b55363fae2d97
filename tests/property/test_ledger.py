"""Every use case at random, in any order and at any time, against a ledger in plain Python.

After each step answers, balances and pages must be the model's, and the journal must come to what
is stored. SOAK=1 makes it a hundred times as long.
"""

import asyncio
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)
from tests.audit import all_breaches, breaches
from tests.books import assert_books
from tests.property import pages
from tests.property.asks import LONG, SHORT, Ask, Books, asks, index, pick
from tests.property.model import Answer, Model, Voucher
from tests.worlds import Policies, StoppedClock, grant, issue, ledger_server, opened, plant

from counterfoil.domain.account import AccountKind, Caller
from counterfoil.ledger import results
from counterfoil.ledger.command import Command
from counterfoil.ledger.process import Process
from counterfoil.ledger.usage import UsageQueries
from counterfoil.store.database import Database
from counterfoil.store.usage_pages import CustomerUsageQuestion

IS_SOAK = bool(os.environ.get("SOAK"))
STEPS = 50
RUNS = 4_000 if IS_SOAK else 40

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

policies = st.builds(
    Policies, st.sampled_from(["intl", "cn"]), st.booleans(), st.booleans(), st.booleans()
)


class LedgerMachine(RuleBasedStateMachine):
    """One tree of accounts, from its first quota on."""

    loop: asyncio.AbstractEventLoop
    database: Database

    @initialize(distributor=policies, sub_reseller=policies, reseller=policies)
    def begin(self, **chosen: Policies) -> None:
        self.tree = self._wait(plant(self.database, **chosen))
        self.clock = StoppedClock()
        self.process = Process(self.database, self.clock)
        self.usage = UsageQueries(self.database)
        tree = self.tree
        kinds = {
            partner.main_uin: partner.kind.value for partner in (tree.platform, *tree.partners)
        }
        top, middle = tree.platform.main_uin, tree.distributor.main_uin
        sub, single = tree.sub_reseller.main_uin, tree.reseller.main_uin
        parents = {middle: top, single: top, sub: middle}
        parents |= dict(zip(tree.customers, (middle, sub, sub, single, single), strict=True))
        kinds |= dict.fromkeys(tree.customers, "customer")
        own = {middle: chosen["distributor"], sub: chosen["sub_reseller"]}
        self.model = Model(kinds, parents, {top: Policies(), single: chosen["reseller"], **own})
        self.commands: list[Command] = []
        self.answers: dict[int, Any] = {}
        self._write([grant(tree.platform, middle, 400), grant(tree.platform, single, 400)])
        self._write([grant(tree.distributor, sub, 200)])
        for by, customer in ((tree.sub_reseller, 1), (tree.reseller, 3)):
            faces = (12, 30, 30)
            self._write([issue(by, tree.customers[customer], face) for face in faces])

    @rule(ask=asks, look=index)
    def write(self, ask: Ask, look: int) -> None:
        """A write by itself."""
        self.write_together([ask], look)

    @rule(drawn=st.lists(asks, min_size=2, max_size=6), look=index)
    def write_together(self, drawn: list[Ask], look: int) -> None:
        """Some writes in one batch."""
        books = Books(self.tree, self.model, self.clock.now)
        self._write([ask(books) for ask in drawn])
        self._look(look)

    @rule(which=index, changes=st.booleans(), ask=asks, look=index)
    def repeat(self, which: int, changes: bool, ask: Ask, look: int) -> None:
        """A write once more, unchanged or with another request under its token, and twice in the
        same batch as a new one."""
        earlier = pick(list(reversed(self.commands)), which)
        if changes:
            other = replace(earlier.origin, digest=b"another")
            self._write([replace(earlier, origin=other)])  # type: ignore[type-var]
            return
        new = ask(Books(self.tree, self.model, self.clock.now))
        self._write([replace(c) for c in (earlier, new, earlier, new)])  # type: ignore[type-var]
        self._look(look)

    @rule(which=index, is_before=st.booleans(), span=st.sampled_from([None, None, *SHORT, *LONG]))
    def wait(self, which: int, is_before: bool, span: timedelta | None) -> None:
        """Time passes: a while, or until something begins or ends, or to the instant before."""
        if span is not None:
            self.clock.now += span
            return
        instants = [at for v in self.model.vouchers.values() for at in (v.begin, v.asked.end_at)]
        instants += [hold.expires for hold in self.model.holds.values()]
        ahead = sorted({at - TICK if is_before else at for at in instants})
        ahead = [at for at in ahead if at > self.clock.now]
        if ahead:
            self.clock.now = pick(ahead, min(which, 5))

    def _write(self, commands: Sequence[Command]) -> None:
        answers = self._wait(self.process.run(commands))
        given = [plain(answer) for answer in answers]
        assert given == self.model.batch(commands, given, self.clock.now)
        self.commands += commands
        owners = sorted({command.owner_uin for command in commands})
        self._wait(self._compare(owners))

    async def _compare(self, owners: list[int]) -> None:
        """Stored balances are the model's, and what the journal comes to."""
        model, customers = self.model, list(self.tree.customers)
        partners = [partner.main_uin for partner in self.tree.partners]
        async with self.database.transaction() as connection:
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

    def _look(self, look: int) -> None:
        """Both actions show a voucher's usage as the model has it."""
        if self.model.vouchers:
            voucher = pick([*reversed(self.model.vouchers.values())], look)
            self._wait(self._compare_pages(voucher, 1 + look % 3, look % 4, bool(look % 2)))

    async def _compare_pages(
        self, voucher: Voucher, size: int, skip: int, is_chinese: bool
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
        if voucher.issuer not in (parent, self.model.parents[parent]):
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

    def _wait(self, coroutine: Any) -> Any:
        return self.loop.run_until_complete(coroutine)


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
    with asyncio.Runner() as runner:
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
    class Machine(LedgerMachine):
        pass

    Machine.loop, Machine.database = loop, database
    chosen = settings(
        max_examples=RUNS, stateful_step_count=STEPS, deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(Machine, settings=chosen)
    assert loop.run_until_complete(all_breaches(database)) == []
    loop.run_until_complete(assert_books(database))
