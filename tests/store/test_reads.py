"""What reads answer follows from what happened and from the time, not from when it was posted."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from tests.books import (
    StoppedClock,
    charge,
    grant,
    hold,
    issue,
    opened,
    origin,
    plant,
)
from tests.store.busy_book import BusyBook, busy_book

from counterfoil.domain.account import Caller
from counterfoil.domain.balance import VOUCHER_BUCKETS, Balance, balance_of
from counterfoil.domain.burndown import Reason
from counterfoil.domain.voucher import State, VoidKind
from counterfoil.ledger import explaining
from counterfoil.ledger.book import Book
from counterfoil.ledger.charges import Charge
from counterfoil.ledger.ending import EndVoucher
from counterfoil.ledger.history import History, Place
from counterfoil.ledger.sweeper import Sweeper
from counterfoil.ledger.vouchers import ListedVoucher
from counterfoil.store.database import Database
from counterfoil.store.history import Posting

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ABOVE_ALL = 2**53


@asynccontextmanager
async def filled(dsn: str) -> AsyncIterator[tuple[Database, BusyBook, Book]]:
    """A busy book with what reads it by the same clock."""
    async with opened(dsn) as database:
        busy = await busy_book(database)
        yield database, busy, Book(database, busy.clock)


async def listed(book: Book, by: Caller, customer_uin: int, **asked: object) -> list[ListedVoucher]:
    return await book.vouchers.page(by, customer_uin, below_no=ABOVE_ALL, size=1_000, **asked)


def told(vouchers: list[ListedVoucher]) -> list[tuple[int, State, Balance]]:
    return [(v.voucher.voucher_no, v.state, balance_of(v.voucher)) for v in vouchers]


def instants(busy: BusyBook) -> list[datetime]:
    """Moments from before the book began until after all has ended, fine where much happens."""
    begin, now = StoppedClock().now, busy.clock.now
    return [
        *(begin - DAY + n * HOUR * 7 for n in range(int((now - begin) / HOUR / 7) + 4)),
        *(now + n * DAY for n in (1, 5, 20, 60, 100, 200, 250, 330, 400)),
    ]


async def test_what_is_due_shows_as_posted(dsn: str) -> None:
    async with filled(dsn) as (database, busy, book):
        by, customers = busy.tree.platform, busy.tree.customers
        sweeper = Sweeper(database, busy.process, busy.clock)
        for instant in instants(busy):
            if instant < busy.clock.now:
                continue
            busy.clock.now = instant
            before = [told(await listed(book, by, uin)) for uin in customers]
            filtered = [
                {state: told(await listed(book, by, uin, state=state)) for state in State}
                for uin in customers
            ]
            await sweeper.sweep()
            assert [told(await listed(book, by, uin)) for uin in customers] == before
            assert filtered == [
                {state: [one for one in vouchers if one[1] is state] for state in State}
                for vouchers in before
            ]


async def test_the_past_is_what_was_seen_then(dsn: str) -> None:
    """Each hour of two vouchers' lives is asked for when it is over, and at the very end again."""
    async with opened(dsn) as database:
        tree = await plant(database)
        busy = BusyBook(database, tree)
        book = Book(database, busy.clock)
        by, owner = tree.reseller, tree.customer
        await busy.do(grant(tree.platform, by.main_uin, 1_000))
        begin = busy.clock.now
        ending = (await busy.do(issue(by, owner, 500, end_at=begin + 9 * HOUR))).voucher_no
        taken = (await busy.do(issue(by, owner, 200, end_at=begin + DAY))).voucher_no
        for voucher_no, amount_micro, hours in ((ending, 30, 6), (ending, 40, 20), (taken, 50, 6)):
            deadline = begin + hours * HOUR
            await busy.do(
                hold(by, owner, amount_micro, expires_at=deadline, voucher_nos=(voucher_no,))
            )
        seen: dict[tuple[int, datetime], Balance] = {}
        for n in range(6, 14):
            busy.clock.now = begin + n * HOUR - timedelta(seconds=1)
            if n == 8:
                end = EndVoucher(origin(by), owner, taken, VoidKind.WITHDRAWN)
                await busy.process.run([end])
            for at in (busy.clock.now, busy.clock.now + timedelta(seconds=1)):
                busy.clock.now = at
                for shown in await listed(book, by, owner):
                    seen[shown.voucher.voucher_no, at] = balance_of(shown.voucher)
        busy.clock.now += 30 * DAY
        await Sweeper(database, busy.process, busy.clock).sweep()
        for (voucher_no, at), balance in seen.items():
            assert await book.history.voucher_at(by, owner, voucher_no, at) == balance
    stood = [seen[ending, begin + n * HOUR - timedelta(seconds=s)] for n in (6, 9) for s in (1, 0)]
    assert [(b["available"], b["held"], b["expired"]) for b in stood] == [
        (430, 70, 0),
        (460, 40, 0),
        (460, 40, 0),
        (0, 40, 460),
    ]
    stood = [seen[taken, begin + n * HOUR] for n in (6, 8)]
    assert [(b["available"], b["held"], b["voided"]) for b in stood] == [(200, 0, 0), (0, 0, 200)]


async def test_a_journal_leads_to_what_stands(dsn: str) -> None:
    async with filled(dsn) as (_, busy, book):
        by = busy.tree.platform
        for customer_uin in busy.tree.customers:
            for shown in await listed(book, by, customer_uin):
                voucher = shown.voucher
                rows, balances = await walk(book.history, by, customer_uin, voucher.voucher_no)
                assert [row.posting_no for row in rows] == list(range(1, len(rows) + 1))
                assert all(a.posted_at <= b.posted_at for a, b in pairwise(rows))
                assert sum(row.usage_id is not None for row in rows) == voucher.record_count
                for balance in balances:
                    buckets = [balance[bucket] for bucket in VOUCHER_BUCKETS]
                    assert sum(buckets) == voucher.face_micro
                    assert min(buckets) >= 0
                at_end = await book.history.voucher_at(
                    by, customer_uin, voucher.voucher_no, rows[-1].posted_at
                )
                assert at_end == Balance({name: balances[-1][name] for name in VOUCHER_BUCKETS})


async def walk(
    history: History, by: Caller, customer_uin: int, voucher_no: int
) -> tuple[list[Posting], list[Balance]]:
    """A voucher's whole journal, three rows at a time."""
    rows: list[Posting] = []
    balances: list[Balance] = []
    place: Place | None = Place(0, 0, Balance())
    while place is not None:
        page = await history.of_voucher(by, customer_uin, voucher_no, place, 3)
        rows += page.rows
        balances += page.balances
        place = page.next
    return rows, balances


async def test_explaining_is_charging(dsn: str) -> None:
    async with filled(dsn) as (_, busy, book):
        by = busy.tree.reseller
        for customer_uin in busy.tree.customers[3:]:
            for amount_micro in (1, 50, 700, 9_000):
                write = charge(by, customer_uin, amount_micro, amount_micro + 3)
                explained = await book.explanations.of_charge(by, customer_uin, write.purchase)
                charged = await busy.do(write)
                used = [v for v in explained.verdicts if v.reason is Reason.USED]
                assert explained.paid_micro == charged.paid_micro
                assert explained.unpaid_micro == charged.unpaid_micro
                assert [(v.voucher.voucher_no, v.shares) for v in used] == [
                    (a.voucher_no, a.shares) for a in charged.allocations
                ]


async def test_many_explanations_at_once(dsn: str) -> None:
    async with filled(dsn) as (_, busy, book):
        by = busy.tree.platform
        writes: list[Charge] = [
            charge(by, customer_uin, 10 + n)
            for n in range(20)
            for customer_uin in busy.tree.customers[1:5]
        ]
        answers = await asyncio.gather(
            *(book.explanations.of_charge(by, w.owner_uin, w.purchase) for w in writes)
        )
        for write, answer in zip(writes, answers, strict=True):
            alone = await book.explanations.of_charge(by, write.owner_uin, write.purchase)
            assert alone == answer
            owners = {verdict.voucher.owner_uin for verdict in answer.verdicts}
            assert owners <= {write.owner_uin}


async def test_only_the_newest_are_explained_besides_those_that_count(
    dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(explaining, "NEWEST_MAX", 2)
    async with opened(dsn) as database:
        tree = await plant(database)
        busy = BusyBook(database, tree)
        by, owner = tree.platform, tree.customer
        numbers = [(await busy.do(issue(by, owner, 5))).voucher_no for _ in range(5)]
        await busy.do(charge(by, owner, 20, voucher_nos=numbers[1:]))
        answer = await Book(database, busy.clock).explanations.of_charge(
            by, owner, charge(by, owner, 9).purchase
        )
    assert [(v.voucher.voucher_no, v.reason) for v in answer.verdicts] == [
        (numbers[3], Reason.EMPTY),
        (numbers[4], Reason.EMPTY),
        (numbers[0], Reason.USED),
    ]
