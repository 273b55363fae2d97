"""DescribeCustomerVoucherList: the vouchers of a partner's customers, filtered, a page at a time.

Answers a distributor, reseller or second-level reseller about vouchers of customers in its own tree
that it, or a partner below it, has issued; the newest issued first. TotalCount is of all that pass
the filters. RemainingAmount is the face less what was spent, whatever became of the rest.
"""

from typing import Annotated

import msgspec

from counterfoil.actions.declaration import Action, Call, Int64, Shows, UInt64, rendered_list
from counterfoil.actions.partners import page_window, partner_errors
from counterfoil.actions.voucher_rows import CustomerVoucher, wanted
from counterfoil.domain.account import PARTNERS
from counterfoil.domain.errors import BadChoice, NotFound, PageOutOfRange


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    Page: Int64
    """Page number, from 1."""
    PageSize: Int64
    """Vouchers a page, 1 to 100."""
    CustomerUin: Int64 | None = None
    """Only those of this customer, who has to be in the caller's tree."""
    VoucherStatus: str | None = None
    """Only Issued, Used, Expired, Canceled (by its issuer) or Invalidated (by the platform)."""
    PaymentMode: str | None = None
    """Only AllPayment, Prepaid or Postpaid, in any case."""
    Usage: str | None = None
    """Only ProductTrial or CustomerOffer."""
    ProductScope: str | None = None
    """Only AllProducts, SpecifyProducts or SpecifyProductsBlacklist."""
    VoucherId: Int64 | None = None
    """Only the one with this number."""


class Response(msgspec.Struct, frozen=True):
    TotalCount: UInt64
    """Vouchers that pass the filters."""
    Data: Annotated[msgspec.Raw, Shows(CustomerVoucher, is_list=True)]
    """The page's vouchers."""


async def run(call: Call, request: Request) -> Response:
    window = page_window(request.Page, request.PageSize)
    asked = wanted(
        status=request.VoucherStatus,
        payment_mode=request.PaymentMode,
        usage=request.Usage,
        product_scope=request.ProductScope,
        voucher_no=request.VoucherId,
        customer_uin=request.CustomerUin,
    )
    page = await call.book.lists.of_customers(call.caller, asked, window)
    return Response(TotalCount=page.voucher_count, Data=rendered_list(page.rows))


ACTION = Action(
    service="intlpartnersmgt",
    version="2022-09-28",
    name="DescribeCustomerVoucherList",
    rate=20,
    roles=PARTNERS,
    request=Request,
    response=Response,
    run=run,
    errors=partner_errors(PageOutOfRange, BadChoice, NotFound),
    example="--profile reseller Page=1 PageSize=10 VoucherStatus=Expired",
)
