"""A customer's vouchers as they are now, everything that time has made due taken as posted."""

from collections.abc import Sequence
from dataclasses import dataclass

from counterfoil.clock import Clock
from counterfoil.domain.account import Caller
from counterfoil.domain.voucher import State, Voucher
from counterfoil.ledger.authority import require_visible
from counterfoil.ledger.due import take_as_posted
from counterfoil.store.database import Database
from counterfoil.store.journal import read_accounts
from counterfoil.store.reader import Reader
from counterfoil.store.voucher_pages import ListedFacts, VoucherPage, voucher_page


@dataclass(frozen=True, slots=True)
class ListedVoucher:
    """A voucher in a list, with its state and what only lists show."""

    voucher: Voucher
    state: State
    facts: ListedFacts


class VoucherQueries:
    """The questions about vouchers of one server."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._reader = Reader()

    async def page(
        self,
        caller: Caller,
        customer_uin: int,
        *,
        below_no: int,
        size: int,
        numbers: Sequence[int] | None = None,
        state: State | None = None,
    ) -> list[ListedVoucher]:
        """The first `size` vouchers with numbers below `below_no`, the highest first; only those
        with these numbers, only those in this state.

        Raises:
            NotFound: no such customer, or one that the caller may not see.
            Unavailable: the database can't be reached just now.
        """
        now = self._clock.ledger()
        page = VoucherPage(customer_uin, below_no, size, now, numbers, state)
        async with self._database.snapshot() as connection:
            accounts = await read_accounts(connection, [customer_uin])
            require_visible(accounts, caller, customer_uin)
            listed = await voucher_page(connection, page)
            keys = {(customer_uin, facts.voucher_no) for facts in listed}
            vouchers = await self._reader.by_number(connection, keys)
        shown = []
        for facts in listed:
            voucher = vouchers[customer_uin, facts.voucher_no]
            take_as_posted(voucher, facts.lapsing_micro, now)
            shown.append(ListedVoucher(voucher, voucher.state(now), facts))
        return shown
