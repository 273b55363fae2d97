"""What the actions of the partner API have in common: pages, months, and how they word errors."""

from counterfoil.actions.declaration import Answer
from counterfoil.actions.errors import Answers
from counterfoil.domain import errors as domain
from counterfoil.domain.instants import parse_month
from counterfoil.store.voucher_lists import Window

PAGE_SIZE_MAX = 100
UINS_MAX = 20

# In order of precedence.
_ERRORS: Answers = {
    domain.RoleRefused: Answer(
        "UnauthorizedOperation.UinNoAuth",
        "The current user doesn’t have permission for the operation.",
        "当前用户没有该操作的权限。",
        "Sign with the key of an account of a kind that the action's page lists.",
    ),
    domain.PageOutOfRange: Answer(
        "InvalidParameter.Page",
        "The parameter `{parameter}` is out of range.",
        "参数 `{parameter}` 超出取值范围。",
        "Ask for page 1 or above, with 1 to 100 records.",
    ),
    domain.OutOfRange: Answer(
        "InvalidParameterValue.UinList",
        "The parameter `{parameter}` must hold 1 to 20 UINs.",
        "参数 `{parameter}` 必须包含 1 到 20 个 UIN。",
        "Name at least one customer, and the others in another request.",
        "A list of customers that is empty or too long.",
    ),
    domain.BadChoice: Answer(
        "InvalidParameterValue",
        "The value of the parameter `{parameter}` is not one of those it takes.",
        "参数 `{parameter}` 的取值不在允许范围内。",
        "The parameter's description lists its values.",
    ),
    domain.NotAMonth: Answer(
        "InvalidParameterValue.InvalidMonth",
        "The parameter `{parameter}` is not a month in the form YYYY-MM.",
        "参数 `{parameter}` 不是 YYYY-MM 格式的月份。",
        "Write the month like 2024-03, or leave it out for all months.",
    ),
    domain.NotFound: Answer(
        "FailedOperation",
        "Operation failed: the customer or voucher was not found.",
        "操作失败：客户或代金券不存在。",
        "Check the numbers, and that each customer is in the caller's tree and a voucher was "
        "issued by the caller or a partner below it. The answer is the same whatever it was.",
    ),
    domain.Unavailable: Answer(
        "OperationDenied.ServiceBusy",
        "The service is busy. Please try again later.",
        "服务繁忙，请稍后重试。",
        "Send the request again in a moment.",
    ),
}


def partner_errors(*kinds: type[domain.CounterfoilError]) -> Answers:
    """What an action answers that can fail in these ways, besides those in which each can."""
    own = {domain.RoleRefused, *kinds, domain.Unavailable}
    return {kind: answer for kind, answer in _ERRORS.items() if kind in own}


def page_window(page: int, page_size: int) -> Window:
    """The rows of a page.

    Raises:
        PageOutOfRange: a page below 1, or not 1 to 100 rows.
    """
    if page < 1:
        raise domain.PageOutOfRange("Page")
    if not 1 <= page_size <= PAGE_SIZE_MAX:
        raise domain.PageOutOfRange("PageSize")
    return Window(skip=(page - 1) * page_size, size=page_size)


def listed_uins(uins: list[int], parameter: str) -> list[int]:
    """The customers that a request names.

    Raises:
        OutOfRange: none, or more than 20.
    """
    if not 1 <= len(uins) <= UINS_MAX:
        raise domain.OutOfRange(parameter)
    return uins


def month_or_all(text: str | None) -> int:
    """yyyymm; absent or empty: 0, which stands for all months.

    Raises:
        NotAMonth: not written yyyy-mm.
    """
    if not text:
        return 0
    try:
        return parse_month(text)
    except ValueError:
        raise domain.NotAMonth("Month", text) from None
