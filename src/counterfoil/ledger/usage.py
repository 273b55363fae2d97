"""What each voucher paid for: pages of usage, newest posted first.

A page is a range of ordinals, so its depth costs nothing and no rows are counted. Askers share
statements (`store.gather`).
"""

from collections.abc import Sequence

from counterfoil.domain.account import Caller
from counterfoil.domain.errors import NotFound
from counterfoil.domain.voucher import code_and_number
from counterfoil.store.database import Database
from counterfoil.store.gather import Gather
from counterfoil.store.usage_pages import (
    CustomerUsagePage,
    CustomerUsageQuestion,
    OwnUsagePage,
    OwnUsageQuestion,
    customer_usage_pages,
    own_usage_pages,
)

_NO_USAGE = OwnUsagePage(spent_micro=0, record_count=0, rows=b"")


class UsageQueries:
    """The usage questions of one server."""

    def __init__(self, database: Database) -> None:
        async def of_customers(
            questions: Sequence[CustomerUsageQuestion],
        ) -> Sequence[CustomerUsagePage | None]:
            return await customer_usage_pages(database, questions)

        async def own(questions: Sequence[OwnUsageQuestion]) -> Sequence[OwnUsagePage | None]:
            return await own_usage_pages(database, questions)

        self._of_customers = Gather(of_customers)
        self._own = Gather(own)

    async def of_customer(self, question: CustomerUsageQuestion) -> CustomerUsagePage:
        """A page of a voucher of a customer in the caller's tree, or of the caller's own.

        Raises:
            NotFound: no such voucher, or none the caller may see.
            Unavailable: the database can't be reached just now.
        """
        page = await self._of_customers.ask(question)
        if page is None:
            raise NotFound
        return page

    async def own(
        self, caller: Caller, voucher: str, *, skip: int, size: int, is_chinese: bool
    ) -> OwnUsagePage:
        """A page of one of the caller's own vouchers, named by its code or its number; zeros and
        no rows where it owns none of that name.

        Raises:
            Unavailable: the database can't be reached just now.
        """
        named = code_and_number(voucher)
        if named is None:
            return _NO_USAGE  # not every text may go to the database
        code, voucher_no = named
        page = await self._own.ask(
            OwnUsageQuestion(caller.main_uin, code, voucher_no or 0, skip, size, is_chinese)
        )
        return page or _NO_USAGE
