"""What reads answer follows from what happened and from the time, not from when it was posted."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from tests.books import StoppedClock, charge, grant, hold, issue, ledger_server, opened, plant
from tests.store.busy_book import BusyBook, busy_book

from counterfoil.domain.account import Caller
from counterfoil.domain.balance import VOUCHER_BUCKETS, Balance, balance_of
from counterfoil.domain.burndown import Reason
from counterfoil.domain.voucher import State
from counterfoil.ledger import explaining
from counterfoil.ledger.book import Book
from counterfoil.ledger.charges import Charge
from counterfoil.ledger.history import History, Place
from counterfoil.ledger.sweeper import Sweeper
from counterfoil.ledger.vouchers import ListedVoucher
from counterfoil.store.database import Database
from counterfoil.store.history import Posting

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ABOVE_ALL = 2**53


@pytest.fixture(scope="module")
def dsn() -> Iterator[str]:
    with ledger_server() as name:
        yield name


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
        by = busy.tree.platform
        sweeper = Sweeper(database, busy.process, busy.clock)
        for instant in instants(busy):
            if instant < busy.clock.now:
                continue
            busy.clock.now = instant
            for customer_uin in busy.tree.customers:
                before = told(await listed(book, by, customer_uin))
                states = {
                    state: told(await listed(book, by, customer_uin, state=state))
                    for state in State
                }
                await sweeper.sweep()
                assert told(await listed(book, by, customer_uin)) == before
                assert states == {
                    state: [voucher for voucher in before if voucher[1] is state] for state in State
                }


async def test_the_past_is_what_was_seen_then(dsn: str) -> None:
    """Each hour of a voucher's life is asked for when it is over, and at the very end again."""
    async with opened(dsn) as database:
        tree = await plant(database)
        busy = BusyBook(database, tree)
        book = Book(database, busy.clock)
        by, owner = tree.reseller, tree.customer
        await busy.do(grant(tree.platform, by.main_uin, 1_000))
        begin = busy.clock.now
        voucher_no = (await busy.do(issue(by, owner, 500, end_at=begin + 9 * HOUR))).voucher_no
        await busy.do(hold(by, owner, 30, expires_at=begin + 5 * HOUR))
        await busy.do(hold(by, owner, 40, expires_at=begin + 20 * HOUR))
        seen: dict[datetime, Balance] = {}
        for n in range(16):
            if n == 4:
                await busy.do(charge(by, owner, 7))
            busy.clock.now += HOUR
            second = busy.clock.now.replace(microsecond=0)
            (shown,) = await listed(book, by, owner)
            seen[second] = balance_of(shown.voucher)
            assert await book.history.voucher_at(by, owner, voucher_no, second) == seen[second]
        busy.clock.now += 30 * DAY
        await Sweeper(database, busy.process, busy.clock).sweep()
        for second, balance in seen.items():
            assert await book.history.voucher_at(by, owner, voucher_no, second) == balance
    assert len({tuple(balance.micro.items()) for balance in seen.values()}) == 4


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
