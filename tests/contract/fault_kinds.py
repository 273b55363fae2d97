"""The kinds of fault: which code and which message each must have, in both languages."""

from tests.contract.faults import (
    Fault,
    Spoil,
    body,
    common,
    headers,
    member,
    members,
    method,
    more_fields,
    sent_to,
    signed_by,
    timestamp,
    wrong_secret,
)
from tests.contract.raw import APIS, BILLING, MODES, PARTNER, Api, Mode

POSTS: tuple[Mode, ...] = ("v3 POST", "v1 POST")
V3: tuple[Mode, ...] = ("v3 POST", "v3 GET")
V1: tuple[Mode, ...] = ("v1 POST", "v1 GET")
JSON: tuple[Mode, ...] = ("v3 POST",)
FIELDS: tuple[Mode, ...] = ("v3 GET", "v1 POST", "v1 GET")


def wrong_method(name: str) -> Fault:
    return Fault(
        f"method {name}",
        method(name),
        "UnsupportedProtocol",
        "Only GET and POST requests are supported.",
        "仅支持 GET 和 POST 请求。",
    )


def wrong_content_type(value: str | None, modes: tuple[Mode, ...] = POSTS) -> Fault:
    return Fault(
        f"content type {value}",
        headers(Content_Type=value),
        "UnsupportedProtocol",
        f"This action does not support Content-Type=`{value or ''}`.",
        f"该接口不支持 Content-Type=`{value or ''}`。",
        modes,
    )


def unreadable_field(text: str) -> Fault:
    return Fault(
        f"field {text}",
        more_fields(text),
        "InvalidParameter",
        "Url key and value should be splited by `=`.",
        "Url 的键和值应以 `=` 分隔。",
        FIELDS,
    )


def missing(
    name: str, spoil: Spoil, modes: tuple[Mode, ...] = MODES, apis: tuple[Api, ...] = APIS
) -> Fault:
    return Fault(
        f"no {name}",
        spoil,
        "MissingParameter",
        f"The request is missing a required parameter `{name}`.",
        f"请求缺少必需的参数 `{name}`。",
        modes,
        apis,
    )


def wrong_type(
    name: str,
    spoil: Spoil,
    modes: tuple[Mode, ...] = MODES,
    apis: tuple[Api, ...] = APIS,
    expected: str = "integer",
) -> Fault:
    return Fault(
        f"type of {name}",
        spoil,
        "InvalidParameter",
        f"The value type of parameter `{name}` is not valid, input type should be `{expected}`",
        f"参数 `{name}` 取值类型错误。参数类型应为 `{expected}`",
        modes,
        apis,
    )


def malformed(spoil: Spoil, reason: str) -> Fault:
    return Fault(
        f"Authorization {reason}",
        spoil,
        "AuthFailure.InvalidAuthorization",
        f"The request `Authorization` header does not conform to tencentcloud standards: {reason}",
        f"请求头部的 `Authorization` 不符合腾讯云标准: {reason}",
        V3,
    )


def expired(seconds: int) -> Fault:
    return Fault(
        f"{seconds} s",
        timestamp(seconds),
        "AuthFailure.SignatureExpire",
        "Signature expired. Please use local time and enable NTP service for time synchronization "
        "to avoid a deviation between `Timestamp` and the server time {now}.",
        "签名过期，请使用本地时间并开启 NTP 服务同步时间，"
        "以避免 `Timestamp` 与服务器时间 {now} 有偏差。",
    )


def unknown_key(secret_id: str) -> Fault:
    return Fault(
        f"SecretId {secret_id}",
        common(SecretId=secret_id),
        "AuthFailure.SecretIdNotFound",
        "The SecretId is not found, please ensure that your SecretId is correct.",
        "SecretId不存在，请输入正确的密钥。",
    )


def no_version(version: str) -> Fault:
    return Fault(
        f"version {version}",
        sent_to("billing", version),
        "NoSuchVersion",
        f"The specified api version=`{version}` does not exist in service=`billing`.",
        f"指定的接口版本 version=`{version}` 在 service=`billing` 中不存在。",
    )


def no_action(action: str, api: Api) -> Fault:
    service, version = api.service, api.version
    return Fault(
        f"action {action}",
        common(Action=action),
        "InvalidAction",
        f"The request action=`{action}` is invalid or not found in service=`{service}` and "
        f"version=`{version}`.",
        f"请求的接口 action=`{action}` 在 service=`{service}`、version=`{version}` "
        "中无效或不存在。",
        apis=(api,),
    )


def wrong_role(profile: str) -> Fault:
    return Fault(
        f"signed by {profile}",
        signed_by(profile),
        "UnauthorizedOperation.UinNoAuth",
        "The current user doesn’t have permission for the operation.",
        "当前用户没有该操作的权限。",
        apis=(PARTNER,),
    )


def unreadable_json(text: bytes) -> Fault:
    return Fault(
        f"body {text[:20]!r}",
        body(text),
        "InvalidParameter",
        "The request body is not valid JSON for content-type=application/json.",
        "对于指定content-type=application/json协议下，请求内容不是合法的Json格式。",
        JSON,
    )


def unknown(name: str, value: object, modes: tuple[Mode, ...] = MODES) -> Fault:
    return Fault(
        f"unknown {name}",
        members(**{name: value}),
        "UnknownParameter",
        f"The parameter `{name}` is not recognized.",
        "未知参数错误，用户多传未定义的参数会导致错误",
        modes,
    )


def page_out_of_range(place: int, name: str, value: int) -> Fault:
    return Fault(
        f"{name} {value} of the partner's",
        member(place, value),
        "InvalidParameter.Page",
        f"The parameter `{name}` is out of range.",
        f"参数 `{name}` 超出取值范围。",
        apis=(PARTNER,),
    )


def out_of_range(place: int, name: str, value: int) -> Fault:
    return Fault(
        f"{name} {value} of billing's",
        member(place, value),
        "InvalidParameter",
        f"The parameter `{name}` is out of range.",
        f"参数 `{name}` 超出取值范围。",
        apis=(BILLING,),
    )


def not_a_month(value: str) -> Fault:
    return Fault(
        f"month {value}",
        members(Month=value),
        "InvalidParameterValue.InvalidMonth",
        "The parameter `Month` is not a month in the form YYYY-MM.",
        "参数 `Month` 不是 YYYY-MM 格式的月份。",
        apis=(PARTNER,),
    )


def not_a_uin(value: str) -> Fault:
    return Fault(
        f"operator {value}",
        members(Operator=value),
        "FailedOperation.InvalidAppId",
        "Invalid App ID.",
        "无效的 App ID。",
        apis=(BILLING,),
    )


def not_operator(value: str) -> Fault:
    return Fault(
        f"operator {value}",
        members(Operator=value),
        "UnauthorizedOperation.CamNoAuth",
        "The account does not have CAM permission.",
        "该账号没有 CAM 权限。",
        apis=(BILLING,),
    )


def not_found(place: int, value: int) -> Fault:
    return Fault(
        f"parameter {place} names nothing",
        member(place, value),
        "FailedOperation",
        "Operation failed: the customer or voucher was not found.",
        "操作失败：客户或代金券不存在。",
        apis=(PARTNER,),
    )


def token() -> Fault:
    return Fault(
        "a token",
        common(Token="token"),
        "AuthFailure.TokenFailure",
        "Token verification failed, please check if your Token is correct",
        "Token 验证失败，请检查您的 Token 是否正确",
    )


def wrong_signature() -> Fault:
    return Fault(
        "wrong secret",
        wrong_secret,
        "AuthFailure.SignatureFailure",
        "The provided credentials could not be validated. Please check your signature is correct.",
        "请求签名验证失败，请检查您的签名计算是否正确。",
    )


def no_product() -> Fault:
    return Fault(
        "another product",
        sent_to("cvm", "2017-03-12"),
        "NoSuchProduct",
        "The specified service=`cvm` does not exist.",
        "指定的产品 service=`cvm` 不存在。",
    )
