"""CreateRole: an account is given a role, which others assume for a while with temporary keys.

Who may assume it is said by a policy document with principals: any identity of an account, or one
sub-user of it; accounts other than the role's own may be named. What the role may do is said by the
policies attached to it.
"""

import msgspec

from counterfoil.access.policy import read_trust
from counterfoil.actions import values
from counterfoil.actions.declaration import Action, Call, Int64, RequiredText
from counterfoil.actions.errors import write_errors
from counterfoil.actions.items import origin
from counterfoil.actions.principals import role_arn, role_name
from counterfoil.actions.writes import Write
from counterfoil.domain.account import EVERYONE
from counterfoil.domain.errors import (
    BadAction,
    BadCondition,
    BadDocument,
    BadEffect,
    BadPrincipal,
    BadText,
    NameTaken,
    OutOfRange,
)
from counterfoil.ledger.principals import AddRole
from counterfoil.ledger.results import NumberMade

SESSION_S_MAX = 43_200
SESSION_S_DEFAULT = 7_200


class Request(Write, frozen=True, kw_only=True):
    Name: RequiredText
    """A name that no other role of the account has: letters, digits and `+=,.@_-`."""
    PolicyDocument: RequiredText
    """Who may assume it: a policy document, as text, that allows `sts:AssumeRole` to principals
    `{"qcs":["qcs::cam::uin/ACCOUNT:root"]}`."""
    Description: str | None = None
    """What it is for."""
    SessionDuration: Int64 | None = None
    """How long temporary keys may last, 1 to 43,200 seconds, by default 7,200."""


class Response(msgspec.Struct, frozen=True):
    RoleId: Int64
    """The role's number."""
    RoleArn: str
    """What names it where it is assumed."""


async def run(call: Call, request: Request) -> Response:
    duration_s = SESSION_S_DEFAULT if request.SessionDuration is None else request.SessionDuration
    if not 1 <= duration_s <= SESSION_S_MAX:
        raise OutOfRange("SessionDuration")
    name = role_name(request.Name)
    description = values.text(request.Description, "Description")
    read_trust(request.PolicyDocument)
    account_uin = call.caller.main_uin
    came_from = origin(call, ACTION.name, request.ClientToken, request)
    made: NumberMade = await call.book.set_up.run(
        AddRole(came_from, account_uin, name, description, request.PolicyDocument, duration_s)
    )
    return Response(made.number, role_arn(account_uin, name))


ACTION = Action(
    service="counterfoil",
    version="2026-11-21",
    name="CreateRole",
    is_write=True,
    roles=EVERYONE,
    request=Request,
    response=Response,
    run=run,
    errors=write_errors(
        OutOfRange,
        BadText,
        BadCondition,
        BadPrincipal,
        BadEffect,
        BadAction,
        BadDocument,
        NameTaken,
    ),
    example="--profile reseller ClientToken=readme-role-1 Name=reporting "
    'PolicyDocument=\'{"version":"2.0","statement":[{"effect":"allow",'
    '"action":"name/sts:AssumeRole",'
    '"principal":{"qcs":["qcs::cam::uin/200000000200:root"]}}]}\'',
)
