"""DetachPolicy: a sub-user or role may no longer do what a policy allows.

It holds within a second, for keys and for role sessions alike.
"""

import msgspec

from counterfoil.actions.counterfoil_20261121.attach_policy import ACTION as ATTACH
from counterfoil.actions.counterfoil_20261121.create_policy import ACTION as CREATE_POLICY
from counterfoil.actions.counterfoil_20261121.create_sub_user import ACTION as CREATE_SUB_USER
from counterfoil.actions.declaration import Action, Call, Int64, Step
from counterfoil.actions.errors import write_errors
from counterfoil.actions.items import origin
from counterfoil.actions.writes import Write
from counterfoil.domain.account import EVERYONE
from counterfoil.domain.errors import NotFound
from counterfoil.ledger.principals import Detach


class Request(Write, frozen=True, kw_only=True):
    PolicyId: Int64
    """The policy."""
    PrincipalId: Int64
    """A sub-user's Uin or a role's RoleId."""


class Response(msgspec.Struct, frozen=True):
    PolicyId: Int64
    """The policy."""
    PrincipalId: Int64
    """What it was taken off."""


async def run(call: Call, request: Request) -> Response:
    came_from = origin(call, ACTION.name, request.ClientToken, request)
    policy_id, principal_id = request.PolicyId, request.PrincipalId
    await call.book.set_up.run(Detach(came_from, call.caller.main_uin, policy_id, principal_id))
    return Response(policy_id, principal_id)


ACTION = Action(
    service="counterfoil",
    version="2026-11-21",
    name="DetachPolicy",
    is_write=True,
    roles=EVERYONE,
    request=Request,
    response=Response,
    run=run,
    errors=write_errors(NotFound),
    example_needs=(
        Step(
            CREATE_POLICY,
            "--profile reseller ClientToken=readme-detach-1 Name=detached "
            'PolicyDocument=\'{"version":"2.0","statement":'
            '[{"effect":"allow","action":"finance:*","resource":"*"}]}\'',
            "PolicyId",
        ),
        Step(CREATE_SUB_USER, "--profile reseller ClientToken=readme-detach-2 Name=leaver", "Uin"),
        Step(
            ATTACH,
            "--profile reseller ClientToken=readme-detach-4 "
            'PolicyId="$POLICY_ID" PrincipalId="$UIN"',
            "PolicyId",
        ),
    ),
    example="--profile reseller ClientToken=readme-detach-3 "
    'PolicyId="$POLICY_ID" PrincipalId="$UIN"',
)
