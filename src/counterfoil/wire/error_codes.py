"""What the wire says when it says no: one table for the gateway's own refusals and one default
for each error of the domain. An action's own `ERRORS` goes first.

Backticks are part of the texts. `{…}` is filled from the error.
"""

from dataclasses import dataclass, replace
from typing import Any

from counterfoil.actions.declaration import Action, Answer
from counterfoil.domain import errors as domain

# No message repeats more than this much of what a caller sent.
_SHOWN_MAX = 200


class Fault(Exception):
    """A refusal by the gateway itself, before or beside the action."""

    def __init__(self, answer: Answer, **details: object) -> None:
        super().__init__(answer.code)
        self.answer = answer
        self.details = details


@dataclass(frozen=True, slots=True)
class Refusal:
    """One refusal, worded: what the envelope shows."""

    code: str
    message: str


TOO_MANY_BODIES = Answer(
    "ServiceUnavailable",
    "The service is receiving too much at once. Please try again later.",
    "服务暂时接收的数据过多，请稍后重试。",
    "Send the request again in a moment.",
    "Requests that are not authenticated yet hold 64 MB between them.",
)
UNSUPPORTED_METHOD = Answer(
    "UnsupportedProtocol",
    "Only GET and POST requests are supported.",
    "仅支持 GET 和 POST 请求。",
    "Use GET or POST.",
    "Another method than GET and POST.",
)
SIGNED_FORM_TOO_LARGE = Answer(
    "AuthFailure.SignatureFailure",
    "The provided credentials could not be validated because of exceeding request size limit, "
    "please use new signature method `TC3-HMAC-SHA256`.",
    "请求大小超过限制，签名验证失败，请使用新的签名方法 `TC3-HMAC-SHA256`。",
    "Sign with TC3-HMAC-SHA256, which allows 10 MB.",
    "A form signed with HmacSHA1 or HmacSHA256 is above 1 MB.",
)
UNSUPPORTED_CONTENT_TYPE = Answer(
    "UnsupportedProtocol",
    "This action does not support Content-Type=`{content_type}`.",
    "该接口不支持 Content-Type=`{content_type}`。",
    "Send application/json, or a form with a signature in its fields.",
    "A POST with a content type that its kind of signature doesn't have.",
)
WRITE_NOT_SIGNED = Answer(
    "UnsupportedProtocol",
    "This action supports only POST requests whose signature covers the body.",
    "该接口仅支持签名覆盖请求体的 POST 请求。",
    "Send a POST, and leave X-TC-Content-SHA256 out.",
    "A GET, or a POST with UNSIGNED-PAYLOAD, to an action that writes.",
)
REQUEST_TOO_LARGE = Answer(
    "RequestSizeLimitExceeded",
    "The request size exceeds the upper limit.",
    "请求包大小超过限制。",
    "Ask for less at once.",
    "A GET above 32 KB in all, or a POST above 10 MB.",
)
UNREADABLE_FORM = Answer(
    "InvalidParameter",
    "Url key and value should be splited by `=`.",
    "Url 的键和值应以 `=` 分隔。",
    "Write the query or form as Name=value pairs joined by &, in UTF-8.",
    "A query or form with a pair that has no `=`, or with text that is not UTF-8.",
)
MISSING_PARAMETER = Answer(
    "MissingParameter",
    "The request is missing a required parameter `{parameter}`.",
    "请求缺少必需的参数 `{parameter}`。",
    "Send the parameter that the message names.",
    "A required parameter is absent, null or empty: a common one or the action's own.",
)
INVALID_AUTHORIZATION = Answer(
    "AuthFailure.InvalidAuthorization",
    "The request `Authorization` header does not conform to tencentcloud standards{reason}",
    "请求头部的 `Authorization` 不符合腾讯云标准{reason}",
    "Write the header as the message says.",
    "The Authorization header is malformed, or its date or service is not the request's.",
)
WRONG_TYPE = Answer(
    "InvalidParameter",
    "The value type of parameter `{parameter}` is not valid, input type should be `{expected}`",
    "参数 `{parameter}` 取值类型错误。参数类型应为 `{expected}`",
    "Send the type that the message names; a number in JSON has no quotes.",
    "A value of another type than declared, or a number that its type can't hold.",
)
SIGNATURE_EXPIRE = Answer(
    "AuthFailure.SignatureExpire",
    "Signature expired. Please use local time and enable NTP service for time synchronization to "
    "avoid a deviation between `Timestamp` and the server time {server_time}.",
    "签名过期，请使用本地时间并开启 NTP 服务同步时间，以避免 `Timestamp` 与服务器时间 "
    "{server_time} 有偏差。",
    "Set the client's clock: Timestamp is in seconds since 1970, UTC.",
    "The timestamp is more than five minutes from the server's time, either way.",
)
SECRET_ID_NOT_FOUND = Answer(
    "AuthFailure.SecretIdNotFound",
    "The SecretId is not found, please ensure that your SecretId is correct.",
    "SecretId不存在，请输入正确的密钥。",
    "Check the SecretId; sample keys work only in a server started with --sample.",
    "There is no such key, it is disabled, or it is a sample's in a server without --sample.",
)
TOKEN_FAILURE = Answer(
    "AuthFailure.TokenFailure",
    "Token verification failed, please check if your Token is correct",
    "Token 验证失败，请检查您的 Token 是否正确",
    "Send a temporary key with the token that came with it, until it expires; a permanent key has "
    "none.",
    "The token of a temporary key is missing, another's, changed or expired; or a permanent key "
    "comes with one.",
)
SIGNATURE_FAILURE = Answer(
    "AuthFailure.SignatureFailure",
    "The provided credentials could not be validated. Please check your signature is correct.",
    "请求签名验证失败，请检查您的签名计算是否正确。",
    "Check the SecretKey, and that nothing changes the request after it is signed.",
    "The signature is not the one that this key gives this request.",
)
NO_SUCH_PRODUCT = Answer(
    "NoSuchProduct",
    "The specified service=`{service}` does not exist.",
    "指定的产品 service=`{service}` 不存在。",
    "Check the host's first label and the version.",
    "Neither host, version nor signature names a service that is served.",
)
NO_SUCH_VERSION = Answer(
    "NoSuchVersion",
    "The specified api version=`{version}` does not exist in service=`{service}`.",
    "指定的接口版本 version=`{version}` 在 service=`{service}` 中不存在。",
    "Check the version; the reference lists those served.",
    "The service is served, but not in this version.",
)
INVALID_ACTION = Answer(
    "InvalidAction",
    "The request action=`{action}` is invalid or not found in service=`{service}` and "
    "version=`{version}`.",
    "请求的接口 action=`{action}` 在 service=`{service}`、version=`{version}` 中无效或不存在。",
    "Check the action's name; the reference lists those served.",
    "The version is served, but has no such action.",
)
REQUEST_LIMIT_EXCEEDED = Answer(
    "RequestLimitExceeded",
    "Your current request times equals to `{count}` in a second, which exceeds the frequency "
    "limit `{limit}` for a second. Please reduce the frequency of calls.",
    "您当前每秒请求 `{count}` 次，超过了每秒频率上限 `{limit}`，请稍后重试。",
    "Wait for the next second; the server's owner can allow more with --rates.",
    "One identity has called one action too often within a second of the clock.",
)
ACCOUNT_LIMIT_EXCEEDED = replace(
    REQUEST_LIMIT_EXCEEDED,
    code="RequestLimitExceeded.UinLimitExceeded",
    remedy="Wait for the next second; the server's owner can allow more with --account-rate.",
    when="One account, with its sub-users and roles, has called too often within a second.",
)
ADDRESS_LIMIT_EXCEEDED = replace(
    REQUEST_LIMIT_EXCEEDED,
    code="RequestLimitExceeded.IPLimitExceeded",
    remedy="Wait for the next second; the server's owner can allow more with --address-rate.",
    when="Too many requests have come from one IP address within a second.",
)
# The gateway's own words for it, and those of a service that has a code of its own.
_WITHOUT_PERMISSION = (
    "[request id:{request_id}]you are not authorized to perform operation ({operation})\n"
    "resource (*) has no permission\n"
)
_GRANT_IT = "Attach a policy that allows the operation, and none that denies it."
NOT_AUTHORIZED = Answer(
    "AuthFailure.UnauthorizedOperation",
    "You are not authorized to perform this operation. Check your CAM policies, and ensure that "
    f"you are using the correct access keys. [{_WITHOUT_PERMISSION}]",
    f"操作未授权，请检查CAM策略。[{_WITHOUT_PERMISSION}]",
    _GRANT_IT,
    "A sub-user or role calls an action that none of its policies allows, or one denies.",
)
NO_CAM_PERMISSION = Answer(
    "UnauthorizedOperation.CamNoAuth",
    _WITHOUT_PERMISSION,
    _WITHOUT_PERMISSION,
    _GRANT_IT,
    "The same, on an action of the billing service.",
)
UNREADABLE_JSON = Answer(
    "InvalidParameter",
    "The request body is not valid JSON for content-type=application/json.",
    "对于指定content-type=application/json协议下，请求内容不是合法的Json格式。",
    "Send one JSON object.",
    "The body of a POST is not a JSON object.",
)
UNKNOWN_PARAMETER = Answer(
    "UnknownParameter",
    "The parameter `{parameter}` is not recognized.",
    "未知参数错误，用户多传未定义的参数会导致错误",
    "Leave out the parameter that the message names, or mend its spelling; case counts.",
    "A parameter that the action does not have.",
)
INTERNAL_ERROR = Answer(
    "InternalError",
    "An internal error has occurred. Retry your request, but if the problem persists, contact us.",
    "内部错误，请重试；如果问题持续存在，请联系我们。",
    "Look for the RequestId in the server's log, and report what it says.",
    "A defect of the server.",
)

# At which stop a request can meet which of them. After the parameters come an action's own errors.
STOPS: dict[str, tuple[Answer, ...]] = {
    "transport": (
        TOO_MANY_BODIES,
        UNSUPPORTED_METHOD,
        SIGNED_FORM_TOO_LARGE,
        UNSUPPORTED_CONTENT_TYPE,
        REQUEST_TOO_LARGE,
    ),
    "common parameters": (UNREADABLE_FORM, MISSING_PARAMETER, INVALID_AUTHORIZATION, WRONG_TYPE),
    "caller": (
        WRONG_TYPE,
        SIGNATURE_EXPIRE,
        INVALID_AUTHORIZATION,
        SECRET_ID_NOT_FOUND,
        TOKEN_FAILURE,
        SIGNATURE_FAILURE,
    ),
    "action": (NO_SUCH_PRODUCT, NO_SUCH_VERSION, INVALID_ACTION),
    "rate": (REQUEST_LIMIT_EXCEEDED, ACCOUNT_LIMIT_EXCEEDED, ADDRESS_LIMIT_EXCEEDED),
    "write": (WRITE_NOT_SIGNED,),
    "permission": (NOT_AUTHORIZED, NO_CAM_PERMISSION),
    "role": (),
    "parameters": (UNREADABLE_JSON, MISSING_PARAMETER, UNKNOWN_PARAMETER, WRONG_TYPE),
}

# How an error of the domain is worded where the action says nothing of it.
DEFAULTS: dict[type[domain.CounterfoilError], Answer] = {
    domain.Absent: MISSING_PARAMETER,
    domain.Invalid: Answer(
        "InvalidParameterValue",
        "The value specified in the parameter `{parameter}` is not valid.",
        "参数 `{parameter}` 的取值无效。",
        "Mend the value of the parameter that the message names.",
    ),
    domain.RoleRefused: Answer(
        "UnauthorizedOperation.UinNoAuth",
        "The current user doesn’t have permission for the operation.",
        "当前用户没有该操作的权限。",
        "Sign with the key of an account of a kind that the action's page lists.",
    ),
    domain.Refused: Answer(
        "FailedOperation",
        "Operation failed.",
        "操作失败。",
        "Check what the request names, and that the caller may see it.",
    ),
    domain.Unavailable: Answer(
        "InternalError.GatewayError",
        "Gateway error.",
        "网关错误。",
        "Send the request again in a moment.",
    ),
    domain.CounterfoilError: INTERNAL_ERROR,
}


def worded(error: Exception, action: Action | None, *, is_chinese: bool) -> Refusal:
    """How the wire words an error; anything that is neither ours nor foreseen is InternalError."""
    details: dict[str, Any]
    if isinstance(error, Fault):
        answer, details = error.answer, error.details
    else:
        answer, details = _answer_for(error, action), vars(error)
    text = answer.zh if is_chinese else answer.en
    shown = {name: str(value)[:_SHOWN_MAX] for name, value in details.items()}
    return Refusal(answer.code, text.format(**shown))


def _answer_for(error: Exception, action: Action | None) -> Answer:
    own = action.errors if action else {}
    for kind in type(error).__mro__:
        if kind in own:
            return own[kind]
        if kind in DEFAULTS:
            return DEFAULTS[kind]
    return INTERNAL_ERROR
