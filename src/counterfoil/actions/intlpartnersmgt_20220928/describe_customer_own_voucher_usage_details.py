"""DescribeCustomerOwnVoucherUsageDetails: what a customer's own voucher paid for, page by page.

Answers a customer about its own vouchers, whoever issued them. Records come newest posted first, of
one month or of all; an amount taken back is negative. RemainAmount is the face less what was spent,
whatever became of the rest, so TotalAmount − RemainAmount is the sum of all records.
"""

from typing import Annotated

import msgspec

from counterfoil.actions.declaration import (
    Action,
    Call,
    Int64,
    PartnerAmount,
    Shows,
    partner_amount,
    rendered_list,
)
from counterfoil.actions.partners import month_or_all, page_window, partner_errors
from counterfoil.actions.usage_rows import UsageDetail
from counterfoil.domain.account import CUSTOMERS
from counterfoil.domain.errors import NotAMonth, NotFound, PageOutOfRange
from counterfoil.store.usage_pages import CustomerUsageQuestion


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    Page: Int64
    """Page number, from 1."""
    PageSize: Int64
    """Records a page, 1 to 100."""
    VoucherId: Int64
    """The voucher's number."""
    Month: str | None = None
    """Only records paid in this month (yyyy-mm, UTC+8); absent or empty: all."""


class Response(msgspec.Struct, frozen=True):
    Data: Annotated[msgspec.Raw, Shows(UsageDetail, is_list=True)]
    """The page's records."""
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


async def run(call: Call, request: Request) -> Response:
    window = page_window(request.Page, request.PageSize)
    month = month_or_all(request.Month)
    page = await call.book.usage.of_customer(
        CustomerUsageQuestion(
            caller_uin=None,
            customer_uin=call.caller.main_uin,
            voucher_no=request.VoucherId,
            month=month,
            skip=window.skip,
            size=window.size,
            is_chinese=call.is_chinese,
        )
    )
    return Response(
        Data=rendered_list(page.rows),
        VoucherId=request.VoucherId,
        TotalAmount=partner_amount(page.face_micro),
        RemainAmount=partner_amount(page.face_micro - page.spent_micro),
        TotalRecordsCount=page.record_count,
        Month=request.Month or "",
        RecordsCountByMonth=page.month_record_count,
    )


ACTION = Action(
    service="intlpartnersmgt",
    version="2022-09-28",
    name="DescribeCustomerOwnVoucherUsageDetails",
    rate=20,
    roles=CUSTOMERS,
    request=Request,
    response=Response,
    run=run,
    errors=partner_errors(PageOutOfRange, NotAMonth, NotFound),
    example="--profile customera Page=1 PageSize=10 VoucherId=12130012",
)
