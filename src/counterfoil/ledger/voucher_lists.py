"""Lists of vouchers for those who hold or have issued them.

State is worked out as of now, and what time has made due shows as if it were posted.
"""

from dataclasses import replace

from counterfoil.clock import Clock
from counterfoil.domain.account import Caller
from counterfoil.domain.errors import NotFound
from counterfoil.domain.voucher import code_and_number
from counterfoil.store import voucher_lists as stored
from counterfoil.store.database import Database
from counterfoil.store.voucher_lists import (
    CustomerFilter,
    CustomerPage,
    VoucherFilter,
    VoucherInfoPage,
    VoucherSort,
    Window,
)

_NO_VOUCHERS = VoucherInfoPage(voucher_count=0, left_micro=0, rows=b"")


class VoucherLists:
    """The list questions of one server."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def info(
        self,
        caller: Caller,
        voucher: str,
        wanted: VoucherFilter,
        sort: VoucherSort,
        window: Window,
        *,
        is_chinese: bool,
    ) -> VoucherInfoPage:
        """A page of the caller's own vouchers, with totals over all that pass the filter; where
        `voucher` is not empty, of the one with this code or number alone.

        Raises:
            Unavailable: the database can't be reached just now.
        """
        if voucher:
            named = code_and_number(voucher)
            if named is None:
                return _NO_VOUCHERS
            wanted = replace(wanted, code=named[0], voucher_no=named[1])
        texts = (wanted.code_id, wanted.activity_id, wanted.name, wanted.product_code)
        if any(text and "\0" in text for text in texts):
            return _NO_VOUCHERS  # nothing is called so, and the database can't be asked
        return await stored.voucher_info(
            self._database,
            caller.main_uin,
            wanted,
            sort,
            window,
            now=self._clock.ledger(),
            is_chinese=is_chinese,
        )

    async def of_customers(
        self, caller: Caller, wanted: CustomerFilter, window: Window
    ) -> CustomerPage:
        """A page of the vouchers of customers in the caller's tree that it, or a partner below it,
        has issued.

        Raises:
            NotFound: no such customer, or none in the caller's tree: one answer for both.
            Unavailable: the database can't be reached just now.
        """
        page = await stored.customer_vouchers(
            self._database, caller.main_uin, wanted, window, self._clock.ledger()
        )
        if not page.is_seen:
            raise NotFound
        return page

    async def own(self, caller: Caller, wanted: CustomerFilter, window: Window) -> CustomerPage:
        """A page of the caller's own vouchers.

        Raises:
            Unavailable: the database can't be reached just now.
        """
        own = replace(wanted, customer_uin=caller.main_uin)
        return await stored.customer_vouchers(
            self._database, None, own, window, self._clock.ledger()
        )
