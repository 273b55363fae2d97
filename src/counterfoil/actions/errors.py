"""How the actions of Counterfoil's own service word the errors they share."""

from counterfoil.actions.declaration import Answer
from counterfoil.actions.document_errors import DOCUMENT_ERRORS
from counterfoil.domain import errors as domain

Answers = dict[type[domain.CounterfoilError], Answer]

# In order of precedence.
WRITE_ERRORS: Answers = {
    domain.OutOfRange: Answer(
        "InvalidParameterValue",
        "The parameter `{parameter}` is out of range.",
        "参数 `{parameter}` 超出取值范围。",
        "Send between 1 and 1,000 items in a list.",
    ),
    domain.BadAmount: Answer(
        "InvalidParameterValue",
        "The parameter `{parameter}` is not an amount that is allowed here: a decimal text, not "
        "zero, with at most 8 decimals, is expected.",
        "参数 `{parameter}` 不是此处允许的金额：应为非零、最多 8 位小数的十进制文本。",
        'Write amounts in USD as text, such as "12.5"; above zero and up to 1,000,000, unless the '
        "parameter's description says otherwise.",
    ),
    domain.BadText: Answer(
        "InvalidParameterValue",
        "The parameter `{parameter}` is too long or holds characters that can't be kept.",
        "参数 `{parameter}` 过长或包含无法保存的字符。",
        "Send at most 256 characters, without NUL.",
    ),
    **DOCUMENT_ERRORS,
    domain.BadChoice: Answer(
        "InvalidParameterValue",
        "The value of the parameter `{parameter}` is not one of those it takes.",
        "参数 `{parameter}` 的取值不在允许范围内。",
        "The parameter's description lists its values.",
    ),
    domain.BadInstant: Answer(
        "InvalidParameterValue",
        "The parameter `{parameter}` is not a time: YYYY-MM-DD HH:MM:SS in UTC+8 is expected.",
        "参数 `{parameter}` 不是有效时间：应为 UTC+8 的 YYYY-MM-DD HH:MM:SS。",
        'Write times in UTC+8, such as "2030-12-31 23:59:59".',
    ),
    domain.NotAUin: Answer(
        "InvalidParameterValue",
        "The parameter `{parameter}` is not the number of an account.",
        "参数 `{parameter}` 不是有效的账号。",
        "Send a whole number from 1 to 9,007,199,254,740,991.",
    ),
    domain.BadToken: Answer(
        "InvalidParameterValue",
        "The parameter `{parameter}` must be 1 to 64 printable ASCII characters.",
        "参数 `{parameter}` 必须为 1 到 64 个可打印的 ASCII 字符。",
        "Name each write with a token of your own, such as a UUID.",
    ),
    domain.TokenReused: Answer(
        "InvalidParameter.ClientTokenMismatch",
        "The ClientToken was used before with another request.",
        "该 ClientToken 已用于不同的请求。",
        "Send what was sent before, or a new token for a new write.",
    ),
    domain.RoleRefused: Answer(
        "UnauthorizedOperation.UinNoAuth",
        "The current user doesn’t have permission for the operation.",
        "当前用户没有该操作的权限。",
        "Call with an account of a kind that the action's page lists.",
    ),
    domain.NotFound: Answer(
        "FailedOperation",
        "Operation failed: no such object.",
        "操作失败：对象不存在。",
        "Check the numbers sent; what the caller may not see answers like what is not there.",
    ),
    domain.Misplaced: Answer(
        "FailedOperation",
        "Operation failed: an account of this kind can't be below that one.",
        "操作失败：该类型的账号不能位于指定账号之下。",
        "Distributors and resellers stand below the platform, second-level resellers below a "
        "distributor, customers below a partner or the platform.",
    ),
    domain.Taken: Answer(
        "FailedOperation",
        "Operation failed: the number is taken.",
        "操作失败：该编号已被占用。",
        "Choose another number, or leave it out to be given one.",
    ),
    domain.NameTaken: Answer(
        "FailedOperation",
        "Operation failed: the name is taken.",
        "操作失败：该名称已被占用。",
        "Choose a name that no other of its kind has in the account.",
    ),
    domain.Full: Answer(
        "FailedOperation",
        "Operation failed: there are as many of these as there may be.",
        "操作失败：已达到数量上限。",
        "Take something off first; the action's page says how many there may be.",
    ),
    domain.NotOpen: Answer(
        "FailedOperation",
        "Operation failed: it is past the state in which this can be done.",
        "操作失败：当前状态不允许该操作。",
        "Read the voucher, hold or usage record: it ended, was closed, or is a correction.",
    ),
    domain.Untimely: Answer(
        "InvalidParameterValue",
        "The time in the parameter `{parameter}` is not allowed here.",
        "参数 `{parameter}` 中的时间在此处不被允许。",
        "The parameter's description says which times are; the server's clock decides.",
    ),
    domain.ValueInsufficient: Answer(
        "FailedOperation",
        "Operation failed: there is less value than that.",
        "操作失败：可用金额不足。",
        "Ask for at most what is left of the voucher, hold or usage record.",
    ),
    domain.QuotaInsufficient: Answer(
        "FailedOperation.BalanceInsufficient",
        "The voucher quota is insufficient.",
        "代金券额度不足。",
        "Ask for more quota first, or issue less.",
    ),
    domain.Unavailable: Answer(
        "InternalError.GatewayError",
        "Gateway error.",
        "网关错误。",
        "Send the request again with the same tokens: each takes effect once.",
    ),
}

PAGE_ERRORS: Answers = {
    domain.OutOfRange: Answer(
        "InvalidParameterValue",
        "The parameter `{parameter}` is out of range.",
        "参数 `{parameter}` 超出取值范围。",
        "Ask for between 1 and 1,000 at a time.",
    ),
    domain.Unavailable: Answer(
        "InternalError.GatewayError",
        "Gateway error.",
        "网关错误。",
        "Send the request again in a moment.",
    ),
}


READ_ERRORS: Answers = {
    **WRITE_ERRORS,
    **PAGE_ERRORS,
    domain.Absent: Answer(
        "MissingParameter",
        "The request is missing a required parameter `{parameter}`.",
        "请求缺少必需的参数 `{parameter}`。",
        "Send the parameter that the message names.",
    ),
    domain.Invalid: Answer(
        "InvalidParameterValue",
        "The value specified in the parameter `{parameter}` is not valid.",
        "参数 `{parameter}` 的取值无效。",
        "Leave out the parameter that the message names: it doesn't go with the others.",
    ),
    domain.BadCursor: Answer(
        "InvalidParameterValue",
        "The parameter `{parameter}` is not a cursor that came with the page before.",
        "参数 `{parameter}` 不是上一页返回的游标。",
        "Send the Cursor of the answer before, as it is, with the same other parameters.",
    ),
}


def write_errors(*kinds: type[domain.CounterfoilError]) -> Answers:
    """What a write answers that can fail in these ways, besides those in which every write can."""
    own = {domain.BadToken, domain.TokenReused, domain.Unavailable, *kinds}
    return {kind: answer for kind, answer in WRITE_ERRORS.items() if kind in own}


def read_errors(*kinds: type[domain.CounterfoilError]) -> Answers:
    """What a read answers that can fail in these ways, in this order of precedence."""
    return {kind: READ_ERRORS[kind] for kind in (*kinds, domain.Unavailable)}
