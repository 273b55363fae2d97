"""What can be asked of the ledger. Nothing here writes; what time has made due shows as done."""

from collections.abc import Sequence
from datetime import datetime

from counterfoil.domain.account import PARTNERS, Caller
from counterfoil.domain.balance import Balance
from counterfoil.domain.errors import NotAMonth, OutOfRange, RoleRefused
from counterfoil.domain.instants import parse_month
from counterfoil.domain.limits import UIN_MAX
from counterfoil.domain.voucher import State
from counterfoil.ledger.api.arguments import check, page_size
from counterfoil.ledger.api.session import Session
from counterfoil.ledger.api.usage import CustomerUsage, OwnUsage, customer_usage, own_usage
from counterfoil.ledger.charges import Purchase
from counterfoil.ledger.explaining import Explanation
from counterfoil.ledger.history import Journal, Place
from counterfoil.ledger.verify import Verification
from counterfoil.ledger.vouchers import ListedVoucher
from counterfoil.store.accounts import ShownAccount
from counterfoil.store.catalogue import NamedProduct
from counterfoil.store.history import Posting, QuotaPosting
from counterfoil.store.usage_pages import CustomerUsageQuestion

BEGINNING = Place(0, 0, Balance())


class Reading:
    """Questions. Pages have 1 to 1,000 rows (`size`) and go on where the one before ended; who
    may not see something is told `NotFound`, as if it were not there."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._book = session.book

    async def vouchers(
        self,
        *,
        customer_uin: int,
        state: State | None = None,
        voucher_nos: Sequence[int] | None = None,
        below_no: int = UIN_MAX,
        size: int = 100,
        by: Caller | None = None,
    ) -> list[ListedVoucher]:
        """A customer's vouchers with numbers below `below_no`, the highest first; only those in
        this state, only those with these numbers.

        Raises:
            NotFound: no such customer that `by` may see.
        """
        asking = self._session.asking(
            by, customer_uin=customer_uin, voucher_nos=voucher_nos, below_no=below_no
        )
        return await self._book.vouchers.page(
            asking,
            customer_uin,
            below_no=below_no,
            size=page_size(size),
            numbers=voucher_nos,
            state=state,
        )

    async def explain(
        self, *, customer_uin: int, purchase: Purchase, by: Caller | None = None
    ) -> Explanation:
        """What each voucher of a customer would pay of a purchase, or why it would not.

        Raises:
            NotFound: no such customer that `by` may see, or a voucher or product that is not there.
            Untimely: as for `charge`.
        """
        asking = self._session.asking(by, customer_uin=customer_uin, purchase=purchase)
        return await self._book.explanations.of_charge(asking, customer_uin, purchase)

    async def journal(
        self,
        *,
        customer_uin: int,
        voucher_no: int,
        place: Place = BEGINNING,
        size: int = 100,
        by: Caller | None = None,
    ) -> Journal[Posting]:
        """Every movement of a voucher in the order posted, each with the balance after it; the
        next page begins at the `next` of this one.

        Raises:
            NotFound: no such voucher that `by` may see.
        """
        asking = self._session.asking(by, customer_uin=customer_uin, voucher_no=voucher_no)
        return await self._book.history.of_voucher(
            asking, customer_uin, voucher_no, place, page_size(size)
        )

    async def quota_journal(
        self,
        *,
        partner_uin: int,
        place: Place = BEGINNING,
        size: int = 100,
        by: Caller | None = None,
    ) -> Journal[QuotaPosting]:
        """Every movement of a partner's quota, like `journal`.

        Raises:
            NotFound: no such partner that `by` may see.
        """
        asking = self._session.asking(by, partner_uin=partner_uin)
        return await self._book.history.of_quota(asking, partner_uin, place, page_size(size))

    async def balance_at(
        self, *, customer_uin: int, voucher_no: int, at: datetime, by: Caller | None = None
    ) -> Balance:
        """What a voucher stood at when the second of `at` was over.

        Raises:
            NotFound: no such voucher that `by` may see.
            Untimely: the second is still to come.
        """
        asking = self._session.asking(by, customer_uin=customer_uin, voucher_no=voucher_no, at=at)
        second = at.replace(microsecond=0)
        return await self._book.history.voucher_at(asking, customer_uin, voucher_no, second)

    async def quota_at(
        self, *, partner_uin: int, at: datetime, by: Caller | None = None
    ) -> Balance:
        """What a partner's quota stood at when the second of `at` was over, as it was posted.

        Raises:
            NotFound: no such partner that `by` may see.
            Untimely: the second is still to come.
        """
        asking = self._session.asking(by, partner_uin=partner_uin, at=at)
        second = at.replace(microsecond=0)
        return await self._book.history.quota_at(asking, partner_uin, second)

    async def usage(
        self,
        *,
        by: Caller,
        customer_uin: int,
        voucher_no: int,
        month: str = "",
        page: int = 1,
        size: int = 100,
        is_chinese: bool = False,
    ) -> CustomerUsage:
        """What a customer's voucher paid for, as the partner `by` sees it, newest posted first;
        only what was paid in `month` (yyyy-mm, UTC+8).

        Raises:
            RoleRefused: `by` is no partner.
            NotFound: no such voucher of a customer in its tree that it, or a partner below it,
                has issued.
            NotAMonth: `month` is not written yyyy-mm.
        """
        if by.kind not in PARTNERS:
            raise RoleRefused
        asking = self._session.asking(by, customer_uin=customer_uin, voucher_no=voucher_no)
        found = await self._book.usage.of_customer(
            CustomerUsageQuestion(
                caller_uin=asking.main_uin,
                customer_uin=customer_uin,
                voucher_no=voucher_no,
                month=_month(month),
                skip=_skip(page, size),
                size=size,
                is_chinese=is_chinese,
            )
        )
        return customer_usage(found)

    async def own_usage(
        self,
        *,
        by: Caller,
        voucher: str,
        page: int = 1,
        size: int = 100,
        is_chinese: bool = False,
    ) -> OwnUsage:
        """What a voucher of `by` itself paid for, newest posted first; `voucher` is its code or its
        number. Nothing where it owns none of that name."""
        found = await self._book.usage.own(
            by, voucher, skip=_skip(page, size), size=size, is_chinese=is_chinese
        )
        return own_usage(found)

    async def verify(
        self, *, customer_uin: int | None = None, by: Caller | None = None
    ) -> Verification:
        """Works out once more what is stored beside the journal: one customer's books, or all of
        them and the partners' quota. Takes time in proportion.

        Raises:
            RoleRefused: all books are asked for, and not by the platform.
            NotFound: no such customer that `by` may see.
        """
        asking = self._session.asking(by, customer_uin=customer_uin)
        return await self._book.verifications.run(asking, customer_uin)

    async def accounts(
        self, *, after_uin: int = 0, size: int = 100, by: Caller | None = None
    ) -> Sequence[ShownAccount]:
        """The accounts above `after_uin` in the tree of `by`, itself included, by number."""
        asking = self._session.asking(by, after_uin=after_uin)
        return await self._book.accounts.page(asking, after_uin=after_uin, size=page_size(size))

    async def products(
        self, *, after: tuple[str, str] = ("", ""), size: int = 100
    ) -> Sequence[NamedProduct]:
        """The catalogue behind a product and sub-product, by their codes."""
        check(after, "after")
        return await self._book.products.page(after=after, size=page_size(size))


def _month(text: str) -> int:
    if not text:
        return 0
    try:
        return parse_month(text)
    except ValueError:
        raise NotAMonth("month", text) from None


def _skip(page: int, size: int) -> int:
    """How many rows come before a page.

    Raises:
        OutOfRange: a page before the first, or of another size than 1 to 1,000.
    """
    if page < 1:
        raise OutOfRange("page", page)
    return (page - 1) * page_size(size)
