"""The journal of a voucher or of a partner's quota, and what either stood at in the past.

A page begins where the one before ended and is told the balance there, so that none has to add up
what came before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from counterfoil.clock import Clock
from counterfoil.domain.account import PARTNERS, Caller
from counterfoil.domain.balance import Balance, balance_of
from counterfoil.domain.errors import NotFound, Untimely
from counterfoil.domain.voucher import Voucher
from counterfoil.ledger.authority import require_visible
from counterfoil.ledger.due import take_as_posted
from counterfoil.store.database import Connection, Database
from counterfoil.store.history import (
    Posting,
    QuotaPosting,
    moved_before,
    postings_behind,
    quota_moved_before,
    quota_postings_behind,
)
from counterfoil.store.journal import read_accounts
from counterfoil.store.reader import Reader

Row = TypeVar("Row", Posting, QuotaPosting)

_SECOND = timedelta(seconds=1)
_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a journal: behind a posting number, up to which there were so many usage rows and
    this is what everything stood at."""

    posting_no: int
    usages: int
    balance: Balance


@dataclass(frozen=True, slots=True)
class Journal(Generic[Row]):
    """A page: its rows, the balance after each, and where the next one begins if there is one."""

    rows: Sequence[Row]
    balances: Sequence[Balance]
    next: Place | None


class History:
    """The questions about what was posted, of one server."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._reader = Reader()

    async def of_voucher(
        self, caller: Caller, customer_uin: int, voucher_no: int, place: Place, size: int
    ) -> Journal[Posting]:
        """The first `size` postings of a voucher from a place on.

        Raises:
            NotFound: no such voucher, or none that the caller may see.
            Unavailable: the database can't be reached just now.
        """
        key = (customer_uin, voucher_no)
        async with self._database.snapshot() as connection:
            await self._visible_voucher(connection, caller, *key)
            rows = await postings_behind(connection, key, place.posting_no, place.usages, size + 1)
        return _page(rows, place, size)

    async def of_quota(
        self, caller: Caller, partner_uin: int, place: Place, size: int
    ) -> Journal[QuotaPosting]:
        """The first `size` movements of a partner's quota from a place on.

        Raises:
            NotFound: no such partner, or none that the caller may see.
            Unavailable: the database can't be reached just now.
        """
        async with self._database.snapshot() as connection:
            accounts = await read_accounts(connection, [partner_uin])
            require_visible(accounts, caller, partner_uin, PARTNERS)
            rows = await quota_postings_behind(connection, partner_uin, place.posting_no, size + 1)
        return _page(rows, place, size)

    async def voucher_at(
        self, caller: Caller, customer_uin: int, voucher_no: int, second: datetime
    ) -> Balance:
        """What a voucher stood at when a second was over, what was due by then taken as posted;
        nothing before it was issued. Of the second that is running, what it stands at now.

        Raises:
            NotFound: no such voucher, or none that the caller may see.
            Untimely: the second is still to come.
            Unavailable: the database can't be reached just now.
        """
        end = self._end_of(second)
        async with self._database.snapshot() as connection:
            voucher = await self._visible_voucher(connection, caller, customer_uin, voucher_no)
            sums = await moved_before(connection, (customer_uin, voucher_no), end)
        balance = lapsing = Balance()
        for one in sums:
            balance = balance.moved(one.source, one.target, one.amount_micro)
            if one.is_late:
                lapsing = lapsing.moved(one.source, one.target, one.amount_micro)
        return _with_due(voucher, balance, lapsing["held"], end)

    async def quota_at(self, caller: Caller, partner_uin: int, second: datetime) -> Balance:
        """What a partner's quota stood at when a second was over, as it was posted.

        Raises:
            NotFound: no such partner, or none that the caller may see.
            Untimely: the second is still to come.
            Unavailable: the database can't be reached just now.
        """
        end = self._end_of(second)
        async with self._database.snapshot() as connection:
            accounts = await read_accounts(connection, [partner_uin])
            require_visible(accounts, caller, partner_uin, PARTNERS)
            sums = await quota_moved_before(connection, partner_uin, end)
        balance = Balance()
        for one in sums:
            balance = balance.moved(one.source, one.target, one.amount_micro)
        return balance

    async def _visible_voucher(
        self, connection: Connection, caller: Caller, customer_uin: int, voucher_no: int
    ) -> Voucher:
        accounts = await read_accounts(connection, [customer_uin])
        require_visible(accounts, caller, customer_uin)
        key = (customer_uin, voucher_no)
        vouchers = await self._reader.by_number(connection, [key])
        if key not in vouchers:
            raise NotFound
        return vouchers[key]

    def _end_of(self, second: datetime) -> datetime:
        """The first instant that is not looked at."""
        now = self._clock.ledger()
        if second > now:
            raise Untimely("At")
        return min(second + _SECOND, now + _MOMENT)


def _page(rows: Sequence[Row], place: Place, size: int) -> Journal[Row]:
    """A page of rows, of which there is one more where another page follows."""
    balances, balance, usages = [], place.balance, place.usages
    for row in rows[:size]:
        balance = balance.moved(row.source, row.target, row.amount_micro)
        balances.append(balance)
        usages += isinstance(row, Posting) and row.usage_id is not None
    if len(rows) <= size:
        return Journal(rows, balances, None)
    return Journal(rows[:size], balances, Place(rows[size - 1].posting_no, usages, balance))


def _with_due(voucher: Voucher, balance: Balance, lapsing_micro: int, end: datetime) -> Balance:
    """A voucher's balance before an instant, once what was due by then is posted."""
    was_voided = voucher.voided_at is not None and voucher.voided_at < end
    then = replace(
        voucher,
        void_kind=voucher.void_kind if was_voided else None,
        available_micro=balance["available"],
        held_micro=balance["held"],
        spent_micro=balance["spent"],
        expired_micro=balance["expired"],
        voided_micro=balance["voided"],
    )
    take_as_posted(then, lapsing_micro, end - _MOMENT)
    return balance_of(then)
