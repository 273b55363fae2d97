"""DescribeCustomerVoucherUsageDetails: what a customer's voucher paid for, a page at a time.

Answers a distributor, reseller or second-level reseller about a voucher of a customer in its own
tree that it, or a partner below it, has issued. Records come newest posted first, of one month or
of all; an amount taken back is negative. RemainAmount is the face less what was spent, whatever
became of the rest, so TotalAmount − RemainAmount is the sum of all records.
"""

from typing import Annotated

import msgspec

from counterfoil.actions.declaration import (
    Action,
    Answer,
    Call,
    Int64,
    PartnerAmount,
    Shows,
    partner_amount,
    rendered_list,
)
from counterfoil.domain.account import PARTNERS
from counterfoil.domain.errors import (
    NotAMonth,
    NotFound,
    PageOutOfRange,
    RoleRefused,
    Unavailable,
)
from counterfoil.domain.instants import parse_month
from counterfoil.store.usage_pages import CustomerUsageQuestion

PAGE_SIZE_MAX = 100


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    Page: Int64
    """Page number, from 1."""
    PageSize: Int64
    """Records a page, 1 to 100."""
    CustomerUin: Int64
    """The customer whose voucher it is."""
    VoucherId: Int64
    """The voucher's number."""
    Month: str | None = None
    """Only records paid in this month (yyyy-mm, UTC+8); absent or empty: all."""


class UsageDetail(msgspec.Struct, frozen=True):
    Id: Int64
    """Number of the usage record."""
    VoucherId: str
    """The voucher's number, as text."""
    DealName: str
    """Order number of a prepaid order, else empty."""
    BillId: str
    """Number of the bill or correction, else empty."""
    Amount: float
    """USD taken from the voucher; negative where value came back."""
    PayMode: str
    """Prepaid or Postpaid."""
    ProductCode: str
    """Product of the line with the largest share."""
    SubProductCode: str
    """Its sub-product."""
    ProductCodeName: str
    """The product's name, in the request's language."""
    SubProductCodeName: str
    """The sub-product's name, in the request's language."""
    PayTime: str
    """When it was paid (UTC+8)."""
    CompletionTime: str
    """When the order or settlement was completed (UTC+8)."""
    OwnerUin: Int64
    """Account that owns the resource."""


class Response(msgspec.Struct, frozen=True):
    Data: Annotated[msgspec.Raw, Shows(UsageDetail, is_list=True)]
    """The page's records."""
    CustomerUin: Int64
    """As asked."""
    VoucherId: Int64
    """As asked."""
    TotalAmount: PartnerAmount
    """The voucher's face value, USD."""
    RemainAmount: PartnerAmount
    """The face value less what was spent, USD."""
    TotalRecordsCount: Int64
    """Records of all months."""
    Month: str
    """As asked; empty for all months."""
    RecordsCountByMonth: Int64
    """Records of the month asked for."""


ERRORS = {
    RoleRefused: Answer(
        "UnauthorizedOperation.UinNoAuth",
        "The current user doesn’t have permission for the operation.",
        "当前用户没有该操作的权限。",
        "Sign with the key of a distributor, reseller or second-level reseller.",
    ),
    PageOutOfRange: Answer(
        "InvalidParameter.Page",
        "The parameter `{parameter}` is out of range.",
        "参数 `{parameter}` 超出取值范围。",
        "Ask for page 1 or above, with 1 to 100 records.",
    ),
    NotAMonth: Answer(
        "InvalidParameterValue.InvalidMonth",
        "The parameter `{parameter}` is not a month in the form YYYY-MM.",
        "参数 `{parameter}` 不是 YYYY-MM 格式的月份。",
        "Write the month like 2024-03, or leave it out for all months.",
    ),
    NotFound: Answer(
        "FailedOperation",
        "Operation failed: the customer or voucher was not found.",
        "操作失败：客户或代金券不存在。",
        "Check both numbers, and that the voucher is one that the caller, or a partner below it, "
        "issued to a customer in its tree. The answer is the same whatever it was.",
    ),
    Unavailable: Answer(
        "OperationDenied.ServiceBusy",
        "The service is busy. Please try again later.",
        "服务繁忙，请稍后重试。",
        "Send the request again in a moment.",
    ),
}


async def run(call: Call, request: Request) -> Response:
    if request.Page < 1:
        raise PageOutOfRange("Page")
    if not 1 <= request.PageSize <= PAGE_SIZE_MAX:
        raise PageOutOfRange("PageSize")
    month = _month(request.Month)
    page = await call.book.usage.of_customer(
        CustomerUsageQuestion(
            caller_uin=call.caller.main_uin,
            customer_uin=request.CustomerUin,
            voucher_no=request.VoucherId,
            month=month,
            skip=(request.Page - 1) * request.PageSize,
            size=request.PageSize,
            is_chinese=call.is_chinese,
        )
    )
    return Response(
        Data=rendered_list(page.rows),
        CustomerUin=request.CustomerUin,
        VoucherId=request.VoucherId,
        TotalAmount=partner_amount(page.face_micro),
        RemainAmount=partner_amount(page.face_micro - page.spent_micro),
        TotalRecordsCount=page.record_count,
        Month=request.Month or "",
        RecordsCountByMonth=page.month_record_count,
    )


def _month(text: str | None) -> int:
    if not text:
        return 0
    try:
        return parse_month(text)
    except ValueError:
        raise NotAMonth("Month", text) from None


ACTION = Action(
    service="intlpartnersmgt",
    version="2022-09-28",
    name="DescribeCustomerVoucherUsageDetails",
    rate=20,
    roles=PARTNERS,
    request=Request,
    response=Response,
    run=run,
    errors=ERRORS,
    example="--profile reseller Page=1 PageSize=10 CustomerUin=800000495142 VoucherId=12130012",
)
