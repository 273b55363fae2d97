"""DescribeVoucherUsageDetails: what one of the caller's own vouchers paid for, a page at a time.

Any account may ask about its own vouchers. Records come newest posted first; an amount taken back
is negative, so TotalUsedAmount is the sum of UsedAmount over all pages. A voucher the caller does
not own answers like one that never was: zeros and no records. Offset is a page number, not a row
offset: the second page of 20 is Offset 2.
"""

from typing import Annotated

import msgspec

from counterfoil.actions.billing import billing_errors, check_operator, page_window, unquoted
from counterfoil.actions.declaration import (
    Action,
    Call,
    Int64,
    RequiredText,
    Shows,
    rendered_list,
)
from counterfoil.domain.account import EVERYONE
from counterfoil.domain.errors import Absent, NotAUin, OperatorRefused, OutOfRange


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    Limit: Int64
    """Records a page, 1 to 1,000."""
    Offset: Int64
    """Page number, from 1; 0 means 1."""
    VoucherId: RequiredText
    """The voucher's code or number; one pair of quotes around it is dropped."""
    Operator: str | None = None
    """Uin of the caller or of one of its sub-users; absent or empty: the caller."""


class UsageLine(msgspec.Struct, frozen=True):
    ProductName: str
    """The product's name, in the request's language."""
    SubProductName: str
    """The sub-product's name, in the request's language."""
    ProductCode: str
    """The product."""
    SubProductCode: str
    """The sub-product."""
    BillingItemCode: str
    """The billing item."""
    SubBillingItemCode: str
    """The billing sub-item."""
    ProductEnName: str
    """The product's English name."""
    SubProductEnName: str
    """The sub-product's English name."""
    CalcUnit: str
    """Billing cycle."""
    Action: str
    """What the order did, as charged; else empty."""


class UsageRecord(msgspec.Struct, frozen=True):
    UsedAmount: Int64
    """1e-8 USD taken from the voucher; negative where value came back."""
    UsedTime: str
    """When it was paid (UTC+8)."""
    UsageDetails: list[UsageLine]
    """The lines it paid a share of."""
    PayMode: str
    """prepay, postpay or ripay."""
    VoucherId: str
    """The voucher's code."""
    PayScene: str
    """common, or adjust for a correction."""
    SeqId: str
    """Order number of a prepaid order, else number of the bill or correction."""


class Response(msgspec.Struct, frozen=True):
    TotalCount: Int64
    """Records of the voucher."""
    TotalUsedAmount: Int64
    """1e-8 USD used in all."""
    UsageRecords: Annotated[msgspec.Raw, Shows(UsageRecord, is_list=True)]
    """The page's records."""


ERRORS = billing_errors(OutOfRange, NotAUin, OperatorRefused)


async def run(call: Call, request: Request) -> Response:
    window = page_window(request.Limit, request.Offset)
    voucher = unquoted(request.VoucherId)
    if not voucher:
        raise Absent("VoucherId")
    await check_operator(call, request.Operator)
    page = await call.book.usage.own(
        call.caller,
        voucher,
        skip=window.skip,
        size=window.size,
        is_chinese=call.is_chinese,
    )
    return Response(
        TotalCount=page.record_count,
        TotalUsedAmount=page.spent_micro,
        UsageRecords=rendered_list(page.rows),
    )


ACTION = Action(
    service="billing",
    version="2018-07-09",
    name="DescribeVoucherUsageDetails",
    rate=20,
    roles=EVERYONE,
    request=Request,
    response=Response,
    run=run,
    errors=ERRORS,
    example="--profile customerb Limit=10 Offset=1 VoucherId=VHPIUDFG9GUZDESWPR4W99",
)
