"""AssumeRole: temporary keys, with which the caller acts as a role until they expire.

Answers about roles that trust the caller; a sub-user or role also needs a policy that allows
`sts:AssumeRole`. What the session may do is what the policies of the role allow, as they are when
it asks. The key signs together with its token, which goes into the header `X-TC-Token` or, with
HmacSHA1 and HmacSHA256, the field `Token`. No further policy, tags or external id can be given.
"""

import re
from datetime import UTC, datetime

import msgspec

from counterfoil.actions.counterfoil_20261121.create_role import ACTION as CREATE_ROLE
from counterfoil.actions.declaration import Action, Answer, Call, Int64, RequiredText, Step
from counterfoil.actions.principals import role_of_arn
from counterfoil.domain.account import EVERYONE
from counterfoil.domain.errors import BadText, NotFound, OutOfRange, Unavailable

_SESSION_NAME = re.compile(r"[\w+=,.@-]{2,128}", re.ASCII)


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    RoleArn: RequiredText
    """The role: `qcs::cam::uin/ACCOUNT:roleName/NAME` or `qcs::cam::uin/ACCOUNT:role/ID`."""
    RoleSessionName: RequiredText
    """A name for the session, shown in the audit: 2 to 128 letters, digits and `=,.@_+-`."""
    DurationSeconds: Int64 | None = None
    """How long the keys last, 1 to 43,200 seconds and at most as the role allows; by default
    7,200."""


class Credentials(msgspec.Struct, frozen=True):
    """A temporary key."""

    Token: str
    """What is sent along with every request."""
    TmpSecretId: str
    """What names the key."""
    TmpSecretKey: str
    """What signs."""


class Response(msgspec.Struct, frozen=True):
    Credentials: Credentials
    """The key."""
    ExpiredTime: Int64
    """When it expires, in seconds since 1970 (UTC)."""
    Expiration: str
    """The same, as `YYYY-MM-DDTHH:MM:SSZ`."""


ERRORS = {
    BadText: Answer(
        "InvalidParameter.ParamError",
        "The parameter `{parameter}` is invalid.",
        "参数 `{parameter}` 无效。",
        "Write both names as the parameters' descriptions say.",
    ),
    NotFound: Answer(
        "ResourceNotFound.RoleNotFound",
        "The role corresponding to the account does not exist.",
        "账号对应的角色不存在。",
        "Check the RoleArn, and that the role trusts the caller: one that doesn't answers the "
        "same.",
    ),
    OutOfRange: Answer(
        "InvalidParameter.OverTimeError",
        "The expiration time exceeds the threshold.",
        "过期时间超过阈值。",
        "Ask for at least a second, and at most what the role's SessionDuration says.",
    ),
    Unavailable: Answer(
        "InternalError.SystemError",
        "Internal system error, such as network error.",
        "系统内部错误，例如网络错误。",
        "Send the request again in a moment.",
    ),
}


async def run(call: Call, request: Request) -> Response:
    role = role_of_arn(request.RoleArn)
    if role is None:
        raise BadText("RoleArn")
    if not _SESSION_NAME.fullmatch(request.RoleSessionName):
        raise BadText("RoleSessionName")
    assumed = await call.book.roles.assume(
        call.caller, role, request.RoleSessionName, request.DurationSeconds
    )
    key, expires_at_s = assumed.key, assumed.expires_at_s
    return Response(
        Credentials(key.token, key.secret_id, key.secret_key),
        expires_at_s,
        f"{datetime.fromtimestamp(expires_at_s, UTC):%Y-%m-%dT%H:%M:%SZ}",
    )


ACTION = Action(
    service="sts",
    version="2018-08-13",
    name="AssumeRole",
    rate=600,
    is_audited=True,
    roles=EVERYONE,
    request=Request,
    response=Response,
    run=run,
    errors=ERRORS,
    example_needs=(
        Step(
            CREATE_ROLE,
            "--profile reseller ClientToken=readme-assume-1 Name=assumed "
            'PolicyDocument=\'{"version":"2.0","statement":[{"effect":"allow",'
            '"action":"name/sts:AssumeRole",'
            '"principal":{"qcs":["qcs::cam::uin/200000000200:root"]}}]}\'',
            "RoleId",
        ),
    ),
    example='--profile reseller RoleArn="qcs::cam::uin/200000000200:role/$ROLE_ID" '
    "RoleSessionName=readme",
)
