"""DescribeCustomerOwnVoucherList: the vouchers of the customer who asks, filtered, page by page.

Answers a customer about its own vouchers, whoever issued them; the newest issued first. TotalCount
is of all that pass the filters. RemainingAmount is the face less what was spent, whatever became of
the rest.
"""

from typing import Annotated

import msgspec

from counterfoil.actions.declaration import Action, Call, Int64, Shows, UInt64, rendered_list
from counterfoil.actions.partners import page_window, partner_errors
from counterfoil.actions.voucher_rows import OwnVoucher, wanted
from counterfoil.domain.account import CUSTOMERS
from counterfoil.domain.errors import BadChoice, PageOutOfRange


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    Page: Int64
    """Page number, from 1."""
    PageSize: Int64
    """Vouchers a page, 1 to 100."""
    VoucherStatus: str | None = None
    """Only Issued, Used, Expired, Canceled (by its issuer) or Invalidated (by the platform)."""
    PaymentMode: str | None = None
    """Only AllPayment, Prepaid or Postpaid, in any case."""
    ProductScope: str | None = None
    """Only AllProducts, SpecifyProducts or SpecifyProductsBlacklist."""
    VoucherId: Int64 | None = None
    """Only the one with this number."""


class Response(msgspec.Struct, frozen=True):
    TotalCount: UInt64
    """Vouchers that pass the filters."""
    Data: Annotated[msgspec.Raw, Shows(OwnVoucher, is_list=True)]
    """The page's vouchers."""


async def run(call: Call, request: Request) -> Response:
    window = page_window(request.Page, request.PageSize)
    asked = wanted(
        status=request.VoucherStatus,
        payment_mode=request.PaymentMode,
        usage=None,
        product_scope=request.ProductScope,
        voucher_no=request.VoucherId,
    )
    page = await call.book.lists.own(call.caller, asked, window)
    return Response(TotalCount=page.voucher_count, Data=rendered_list(page.rows))


ACTION = Action(
    service="intlpartnersmgt",
    version="2022-09-28",
    name="DescribeCustomerOwnVoucherList",
    rate=20,
    roles=CUSTOMERS,
    request=Request,
    response=Response,
    run=run,
    errors=partner_errors(PageOutOfRange, BadChoice),
    example="--profile customera Page=1 PageSize=10 VoucherStatus=Used",
)
