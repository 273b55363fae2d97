"""DescribePolicies: the policies of the caller's account, by number, and what each is attached to.

A page begins where the one before ended, so that every page costs the same and none shows a policy
twice.
"""

import msgspec

from counterfoil.actions.cursors import cursor, place
from counterfoil.actions.declaration import Action, Call, Int64
from counterfoil.actions.errors import read_errors
from counterfoil.domain.account import EVERYONE
from counterfoil.domain.errors import BadCursor, OutOfRange
from counterfoil.domain.instants import shown

LIMIT_MAX = 1_000
LIMIT_DEFAULT = 100

# Below any policy's number.
_FIRST_PAGE = (0,)


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    Limit: Int64 | None = None
    """Policies a page, 1 to 1,000, by default 100."""
    Cursor: str | None = None
    """Where the page begins: the Cursor of the answer before; absent or empty for the first."""


class PolicyOfAccount(msgspec.Struct, frozen=True):
    """One policy."""

    PolicyId: Int64
    """Its number."""
    Name: str
    """Its name."""
    Description: str
    """What it is for."""
    PolicyDocument: str
    """What it says, as JSON text."""
    CreatedTime: str
    """When it was made (UTC+8)."""
    PrincipalIds: list[Int64]
    """The sub-users and roles that it is attached to."""


class Response(msgspec.Struct, frozen=True):
    Policies: list[PolicyOfAccount]
    """The page's policies, by ascending number."""
    Cursor: str
    """Where the next page begins; empty on the last one."""


async def run(call: Call, request: Request) -> Response:
    limit = LIMIT_DEFAULT if request.Limit is None else request.Limit
    if not 1 <= limit <= LIMIT_MAX:
        raise OutOfRange("Limit")
    (after_id,) = place(request.Cursor, 1) or _FIRST_PAGE
    page = await call.book.policies.page(call.caller, after_id=after_id, size=limit + 1)
    following = cursor(page[limit - 1].policy_id) if len(page) > limit else ""
    policies = [
        PolicyOfAccount(
            policy.policy_id,
            policy.name,
            policy.description,
            policy.document,
            shown(policy.created_at),
            list(policy.principal_ids),
        )
        for policy in page[:limit]
    ]
    return Response(policies, following)


ACTION = Action(
    service="counterfoil",
    version="2026-11-21",
    name="DescribePolicies",
    roles=EVERYONE,
    request=Request,
    response=Response,
    run=run,
    errors=read_errors(OutOfRange, BadCursor),
    example="--profile reseller Limit=10",
)
