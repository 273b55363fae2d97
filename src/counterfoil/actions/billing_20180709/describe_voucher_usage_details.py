"""DescribeVoucherUsageDetails: what one of the caller's own vouchers paid for, a page at a time.

Any account may ask about its own vouchers. Records come newest posted first; an amount taken back
is negative, so TotalUsedAmount is the sum of UsedAmount over all pages. A voucher the caller does
not own answers like one that never was: zeros and no records. Offset is a page number, not a row
offset: the second page of 20 is Offset 2.
"""

from typing import Annotated

import msgspec

from counterfoil.actions.declaration import (
    Action,
    Answer,
    Call,
    Int64,
    RequiredText,
    Shows,
    rendered_list,
)
from counterfoil.domain.account import EVERYONE
from counterfoil.domain.errors import (
    Absent,
    NotAUin,
    OperatorRefused,
    OutOfRange,
    Unavailable,
)

LIMIT_MAX = 1_000
UIN_DIGITS_MAX = 18


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


ERRORS = {
    OutOfRange: Answer(
        "InvalidParameter",
        "The parameter `{parameter}` is out of range.",
        "参数 `{parameter}` 超出取值范围。",
        "Ask for 1 to 1,000 records a page, and for page 0 or above.",
    ),
    NotAUin: Answer(
        "FailedOperation.InvalidAppId",
        "Invalid App ID.",
        "无效的 App ID。",
        "Leave Operator out, or give the decimal number of an account.",
    ),
    OperatorRefused: Answer(
        "UnauthorizedOperation.CamNoAuth",
        "The account does not have CAM permission.",
        "该账号没有 CAM 权限。",
        "Leave Operator out, or name the caller or a sub-user of its account.",
    ),
    Unavailable: Answer(
        "InternalError.GatewayError",
        "Gateway error.",
        "网关错误。",
        "Send the request again in a moment.",
    ),
}


async def run(call: Call, request: Request) -> Response:
    if not 1 <= request.Limit <= LIMIT_MAX:
        raise OutOfRange("Limit")
    if request.Offset < 0:
        raise OutOfRange("Offset")
    voucher = _unquoted(request.VoucherId)
    if not voucher:
        raise Absent("VoucherId")
    await _check_operator(call, _unquoted(request.Operator or ""))
    page = await call.book.usage.own(
        call.caller,
        voucher,
        skip=(max(request.Offset, 1) - 1) * request.Limit,
        size=request.Limit,
        is_chinese=call.is_chinese,
    )
    return Response(
        TotalCount=page.record_count,
        TotalUsedAmount=page.spent_micro,
        UsageRecords=rendered_list(page.rows),
    )


async def _check_operator(call: Call, operator: str) -> None:
    if not operator:
        return
    if not (operator.isascii() and operator.isdigit()):
        raise NotAUin("Operator", operator)
    known = len(operator) <= UIN_DIGITS_MAX and await call.book.is_operator(
        call.caller, int(operator)
    )
    if not known:
        raise OperatorRefused


def _unquoted(text: str) -> str:
    """Without one pair of quotes around it: the document's own sample sends them."""
    return text[1:-1] if len(text) >= 2 and text[0] == text[-1] == '"' else text


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
