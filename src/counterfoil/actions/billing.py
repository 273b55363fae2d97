"""What the actions of the billing API have in common: pages by number, operators, quoted texts, and
how they word their errors."""

from counterfoil.actions.declaration import Answer, Call
from counterfoil.actions.errors import Answers
from counterfoil.domain import errors as domain
from counterfoil.store.voucher_lists import Window

LIMIT_MAX = 1_000
UIN_DIGITS_MAX = 18

# In order of precedence.
_ERRORS: Answers = {
    domain.OutOfRange: Answer(
        "InvalidParameter",
        "The parameter `{parameter}` is out of range.",
        "参数 `{parameter}` 超出取值范围。",
        "Ask for 1 to 1,000 records a page, and for page 0 or above.",
    ),
    domain.BadChoice: Answer(
        "InvalidParameterValue",
        "The value of the parameter `{parameter}` is not one of those it takes.",
        "参数 `{parameter}` 的取值不在允许范围内。",
        "The parameter's description lists its values.",
    ),
    domain.BadInstant: Answer(
        "InvalidParameterValue",
        "The parameter `{parameter}` is not a date or time: YYYY-MM-DD or YYYY-MM-DD HH:MM:SS in "
        "UTC+8 is expected.",
        "参数 `{parameter}` 不是有效的日期或时间：应为 UTC+8 的 YYYY-MM-DD 或 "
        "YYYY-MM-DD HH:MM:SS。",
        'Write dates such as "2024-03-29", or times such as "2024-03-29 02:03:27", in UTC+8.',
    ),
    domain.Incompatible: Answer(
        "InvalidParameter",
        "The parameter `{parameter}` can't be sent where the payment mode is all of them.",
        "支付模式为全部时，不能传入参数 `{parameter}`。",
        "Name one PayMode with ProductCode, or leave PayMode out.",
    ),
    domain.NotAUin: Answer(
        "FailedOperation.InvalidAppId",
        "Invalid App ID.",
        "无效的 App ID。",
        "Leave Operator out, or give the decimal number of an account.",
    ),
    domain.OperatorRefused: Answer(
        "UnauthorizedOperation.CamNoAuth",
        "The account does not have CAM permission.",
        "该账号没有 CAM 权限。",
        "Leave Operator out, or name the caller or a sub-user of its account.",
    ),
    domain.Unavailable: Answer(
        "InternalError.GatewayError",
        "Gateway error.",
        "网关错误。",
        "Send the request again in a moment.",
    ),
}


def billing_errors(*kinds: type[domain.CounterfoilError]) -> Answers:
    """What an action answers that can fail in these ways, besides those in which each can."""
    return {kind: _ERRORS[kind] for kind in (*kinds, domain.Unavailable)}


def page_window(limit: int, offset: int) -> Window:
    """The rows of a page: `offset` is its number, from 1, and 0 means 1.

    Raises:
        OutOfRange: not 1 to 1,000 rows, or a page below 0.
    """
    if not 1 <= limit <= LIMIT_MAX:
        raise domain.OutOfRange("Limit")
    if offset < 0:
        raise domain.OutOfRange("Offset")
    return Window(skip=(max(offset, 1) - 1) * limit, size=limit)


async def check_operator(call: Call, given: str | None) -> None:
    """Checks who is said to act; absent or empty: the caller.

    Raises:
        NotAUin: not the decimal number of an account.
        OperatorRefused: neither the caller nor a sub-user of its account.
        Unavailable: the database can't be reached just now.
    """
    operator = unquoted(given or "")
    if not operator:
        return
    if not (operator.isascii() and operator.isdigit()):
        raise domain.NotAUin("Operator", operator)
    known = len(operator) <= UIN_DIGITS_MAX and await call.book.is_operator(
        call.caller, int(operator)
    )
    if not known:
        raise domain.OperatorRefused


def unquoted(text: str) -> str:
    """Without one pair of quotes around it: the document's own sample sends them."""
    return text[1:-1] if len(text) >= 2 and text[0] == text[-1] == '"' else text
