"""DescribeVoucherInfo: the caller's own vouchers, filtered and sorted, a page at a time.

Any account may ask about its own vouchers. TotalCount and TotalBalance are of all vouchers that
pass the filters, whatever the page. Balance is the face value less what was spent, whatever became
of the rest. PayMode, PayScene and ProductCode ask what a voucher may pay for: one that is open to
all is listed too. Offset is a page number, not a row offset.
"""

from datetime import timedelta
from typing import Annotated

import msgspec

from counterfoil.actions.billing import billing_errors, check_operator, page_window, unquoted
from counterfoil.actions.declaration import Action, Call, Int64, Shows, rendered_list
from counterfoil.actions.spans import both, later, span
from counterfoil.actions.values import MAIN_TYPES, PAY_MODES, PAY_SCENES, SUB_TYPES
from counterfoil.actions.voucher_words import BILLING_STATES, chosen, in_any_case
from counterfoil.domain.account import EVERYONE
from counterfoil.domain.errors import (
    BadChoice,
    BadInstant,
    Incompatible,
    NotAUin,
    OperatorRefused,
    OutOfRange,
)
from counterfoil.store.voucher_lists import VoucherFilter, VoucherSort

ALL = "*"
UNIT = "micro"
SORTS = {"BeginTime": "begin", "EndTime": "end", "CreateTime": "issued"}
ORDERS = {"asc": True, "desc": False}
SCENES = {**PAY_SCENES, ALL: ALL}
CHINESE = ("zh", "zh-cn")


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    Limit: Int64
    """Vouchers a page, 1 to 1,000."""
    Offset: Int64
    """Page number, from 1; 0 means 1."""
    Status: str | None = None
    """Only unUsed, used, delivered (before its time), cancel (ended early) or overdue (ended)."""
    VoucherId: str | None = None
    """Only the one with this code or number; one pair of quotes around it is dropped."""
    CodeId: str | None = None
    """Only those bought with this order."""
    ProductCode: str | None = None
    """Only those that may pay for this product; not where PayMode is sent and means all modes."""
    ActivityId: str | None = None
    """Only those of this campaign."""
    VoucherName: str | None = None
    """Only those of exactly this name."""
    TimeFrom: str | None = None
    """Only those issued from then on: a date, or a time (UTC+8)."""
    TimeTo: str | None = None
    """Only those issued up to then, that day or second included."""
    SortField: str | None = None
    """BeginTime, EndTime or CreateTime (default)."""
    SortOrder: str | None = None
    """asc or desc (default)."""
    PayMode: str | None = None
    """Only those that may pay in this mode: postPay, prePay or riPay, in any case; empty or * for
    any."""
    PayScene: str | None = None
    """Only those that may pay in this scene: spotpay, settle account, purchase, renew, modify,
    oneOffFee or hourlyFee; * for those that may pay in every one."""
    Operator: str | None = None
    """Uin of the caller or of one of its sub-users; absent or empty: the caller."""
    VoucherMainType: str | None = None
    """Only has_price or no_price."""
    VoucherSubType: str | None = None
    """Only discount or deduct."""
    StartTimeFrom: str | None = None
    """Only those that begin from then on."""
    StartTimeTo: str | None = None
    """Only those that begin up to then."""
    EndTimeFrom: str | None = None
    """Only those whose last second is from then on."""
    EndTimeTo: str | None = None
    """Only those whose last second is up to then."""
    CreateTimeFrom: str | None = None
    """Like TimeFrom; with both, the later counts."""
    CreateTimeTo: str | None = None
    """Like TimeTo; with both, the earlier counts."""
    Lang: str | None = None
    """Language of product names: zh for Chinese, any other for English; absent or empty: the
    request's."""


class Products(msgspec.Struct, frozen=True):
    GoodsName: str
    """Names of products with commas between, or that of all."""
    PayMode: str
    """prePay, postPay, riPay, or * for all."""


class VoucherInfo(msgspec.Struct, frozen=True):
    OwnerUin: str
    """Who owns it."""
    Status: str
    """unUsed, used, delivered, cancel or overdue."""
    NominalValue: Int64
    """Face value, 1e-8 USD."""
    Balance: Int64
    """Face value less what was spent, 1e-8 USD."""
    VoucherId: str
    """The voucher's code."""
    PayMode: str
    """prePay, postPay, riPay, or * for all."""
    PayScene: str
    """Scenes it may pay in, with commas between, or * for all."""
    BeginTime: str
    """Its first second (UTC+8)."""
    EndTime: str
    """Its last second (UTC+8)."""
    ApplicableProducts: Products
    """What it may pay for."""
    ExcludedProducts: list[Products]
    """What it never pays for, one product each."""
    PolicyRemark: str
    """What its terms mean, for people."""
    CreateTime: str
    """When it was issued (UTC+8)."""


class Response(msgspec.Struct, frozen=True):
    TotalCount: Int64
    """Vouchers that pass the filters."""
    TotalBalance: Int64
    """Sum of their balances, 1e-8 USD."""
    VoucherInfos: Annotated[msgspec.Raw, Shows(VoucherInfo, is_list=True)]
    """The page's vouchers."""
    Unit: str
    """micro: amounts are in 1e-8 USD."""


async def run(call: Call, request: Request) -> Response:
    window = page_window(request.Limit, request.Offset)
    sort, wanted = _sort(request), _wanted(request)
    if request.ProductCode and request.PayMode in ("", ALL):
        raise Incompatible("ProductCode", request.ProductCode)
    await check_operator(call, request.Operator)
    page = await call.book.lists.info(
        call.caller,
        unquoted(request.VoucherId or ""),
        wanted,
        sort,
        window,
        is_chinese=request.Lang.lower() in CHINESE if request.Lang else call.is_chinese,
    )
    return Response(
        TotalCount=page.voucher_count,
        TotalBalance=page.left_micro,
        VoucherInfos=rendered_list(page.rows),
        Unit=UNIT,
    )


def _wanted(request: Request) -> VoucherFilter:
    """What is asked for.

    Raises:
        BadChoice, BadInstant: a value is not one of those that the parameter takes, or no time.
    """
    mode = None if request.PayMode == ALL else in_any_case(request.PayMode, PAY_MODES, "PayMode")
    return VoucherFilter(
        states=chosen(request.Status, BILLING_STATES, "Status"),
        code_id=request.CodeId or None,
        product_code=request.ProductCode or None,
        activity_id=request.ActivityId or None,
        name=request.VoucherName or None,
        pay_mode=mode,
        pay_scene=chosen(request.PayScene, SCENES, "PayScene"),
        main_type=chosen(request.VoucherMainType, MAIN_TYPES, "VoucherMainType"),
        sub_type=chosen(request.VoucherSubType, SUB_TYPES, "VoucherSubType"),
        issued=both(
            span(request.TimeFrom, request.TimeTo, "Time"),
            span(request.CreateTimeFrom, request.CreateTimeTo, "CreateTime"),
        ),
        begins=span(request.StartTimeFrom, request.StartTimeTo, "StartTime"),
        # An end is the second after the last.
        ends=later(span(request.EndTimeFrom, request.EndTimeTo, "EndTime"), timedelta(seconds=1)),
    )


def _sort(request: Request) -> VoucherSort:
    return VoucherSort(
        by=chosen(request.SortField, SORTS, "SortField") or "issued",
        is_ascending=chosen(request.SortOrder, ORDERS, "SortOrder") or False,
    )


ACTION = Action(
    service="billing",
    version="2018-07-09",
    name="DescribeVoucherInfo",
    rate=20,
    roles=EVERYONE,
    request=Request,
    response=Response,
    run=run,
    errors=billing_errors(
        OutOfRange, BadChoice, BadInstant, Incompatible, NotAUin, OperatorRefused
    ),
    example="--profile customerb Limit=10 Offset=1 SortField=EndTime SortOrder=asc",
)
