"""What lists tell follows from what happened and from the time, not from when it was posted; and
every list tells the same of a voucher."""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from tests.books import (
    assert_books,
    caller,
    grant,
    hold,
    issue,
    ledger_server,
    opened,
    origin,
    plant,
)
from tests.store.busy_book import DAY, HOUR, BusyBook, busy_book
from tests.store.test_reads import instants, listed

from counterfoil.domain.account import AccountKind
from counterfoil.domain.voucher import State, VoidKind
from counterfoil.ledger.book import Book
from counterfoil.ledger.ending import EndVoucher
from counterfoil.ledger.sweeper import Sweeper
from counterfoil.store.voucher_lists import CustomerFilter, VoucherFilter, VoucherSort, Window

ALL = Window(0, 1_000)


@pytest.fixture(scope="module")
def dsn() -> Iterator[str]:
    with ledger_server() as name:
        yield name


@asynccontextmanager
async def filled(dsn: str) -> AsyncIterator[tuple[BusyBook, Book, Sweeper]]:
    """A busy book with what reads and sweeps it by the same clock."""
    async with opened(dsn) as database:
        busy = await busy_book(database)
        yield busy, Book(database, busy.clock), Sweeper(database, busy.process, busy.clock)
        await assert_books(database)


def rows(rendered: bytes) -> list[Any]:
    """The rows of a page."""
    return list(json.loads(b"[%b]" % rendered))


async def told(busy: BusyBook, book: Book) -> dict[str, Any]:
    """All that lists tell anybody, by whom and what was asked."""
    tree, found = busy.tree, dict[str, Any]()
    states = [None, *([state] for state in State)]
    for uin in tree.customers:
        owner = caller(uin, AccountKind.CUSTOMER)
        for state in states:
            info = await book.lists.info(
                owner, "", VoucherFilter(states=state), VoucherSort(), ALL, is_chinese=False
            )
            found[f"info {uin} {state}"] = info.voucher_count, info.left_micro, rows(info.rows)
            own = await book.lists.own(owner, CustomerFilter(states=state), ALL)
            found[f"own {uin} {state}"] = own.voucher_count, rows(own.rows)
    for partner, customers in (
        (tree.distributor, tree.customers[:3]),
        (tree.sub_reseller, tree.customers[1:3]),
        (tree.reseller, tree.customers[3:]),
    ):
        name = partner.main_uin
        for state in states:
            seen = await book.lists.of_customers(partner, CustomerFilter(states=state), ALL)
            found[f"seen {name} {state}"] = seen.voucher_count, rows(seen.rows)
        found[f"lists {name}"] = [
            (one.customer_uin, one.voucher_count, rows(one.rows))
            for one in await book.customers.lists(partner, customers, None)
        ]
        found[f"amounts {name}"] = await book.customers.amounts(partner, customers)
        found[f"quota {name}"] = await book.customers.quota(partner)
    return found


async def test_lists_follow_from_time_not_from_posting(dsn: str) -> None:
    async with filled(dsn) as (busy, book, sweeper):
        due = set()
        for instant in instants(busy):
            if instant >= busy.clock.now:
                busy.clock.now = instant
                before = await told(busy, book)
                await sweeper.sweep()
                assert await told(busy, book) == before
                due.add(json.dumps(before, default=repr))
        assert len(due) > 3, "time must change what is told"


async def test_a_hold_is_let_go_when_its_deadline_comes(dsn: str) -> None:
    """A live voucher can spend it again; of one that was withdrawn, its quota is back."""
    async with opened(dsn) as database:
        tree = await plant(database)
        busy, by, owner = BusyBook(database, tree), tree.reseller, tree.customer
        book = Book(database, busy.clock)
        await busy.do(grant(tree.platform, by.main_uin, 1_000))
        live, taken = [(await busy.do(issue(by, owner, 100))).voucher_no for _ in range(2)]
        deadline = busy.clock.now + DAY
        for voucher_no in (live, taken):
            await busy.do(hold(by, owner, 30, expires_at=deadline, voucher_nos=(voucher_no,)))
        await busy.do(EndVoucher(origin(by), owner, taken, VoidKind.WITHDRAWN))
        stands = []
        for instant in (deadline - HOUR, deadline):
            busy.clock.now = instant
            (sums,) = await book.customers.amounts(by, [owner])
            quota = await book.customers.quota(by)
            stands.append((sums.face_micro, sums.spendable_micro, quota.remaining_micro))
        assert stands == [(100, 70, 870), (100, 100, 900)]
        await Sweeper(database, busy.process, busy.clock).sweep()
        await assert_books(database)


async def test_all_lists_tell_the_same_of_a_voucher(dsn: str) -> None:
    """Checked against the full view of each voucher that the ledger's own service gives."""
    async with filled(dsn) as (busy, book, _):
        tree, found = busy.tree, await told(busy, book)
        spendable: dict[int, int] = {}
        for uin in tree.customers:
            shown = await listed(book, tree.platform, uin)
            vouchers = [(one.voucher, one.state) for one in shown]
            left = [voucher.face_micro - voucher.spent_micro for voucher, _ in vouchers]
            count, left_micro, infos = found[f"info {uin} None"]
            assert (count, left_micro) == (len(vouchers), sum(left))
            assert {info["VoucherId"] for info in infos} == {one.facts.code for one in shown}
            assert sorted(info["Balance"] for info in infos) == sorted(left)
            for state in State:
                numbers = {v.voucher_no for v, is_in in vouchers if is_in is state}
                assert {row["VoucherId"] for row in found[f"own {uin} {[state]}"][1]} == numbers
            spendable[uin] = sum(v.available_micro for v, s in vouchers if s is State.USABLE)
        for partner in (tree.sub_reseller, tree.reseller):
            for sums in found[f"amounts {partner.main_uin}"]:
                by_platform = sums.customer_uin == tree.customers[4]
                expected = 0 if by_platform else spendable[sums.customer_uin]
                assert sums.spendable_micro == expected
        assert sum(spendable.values()) > 0
