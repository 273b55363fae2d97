"""DisableCredential: a key is made unusable for ever.

Answers about keys of the caller's own account and its sub-users; the platform disables any. Within
a second nothing signed with it is accepted any more. A key may disable itself; only the last one of
the platform itself stays, whatever keys its sub-users have, since nobody could make another.
"""

import msgspec

from counterfoil.actions import values
from counterfoil.actions.counterfoil_20261121.create_credential import ACTION as CREATE
from counterfoil.actions.declaration import Action, Call, RequiredText, Step
from counterfoil.actions.errors import write_errors
from counterfoil.actions.items import origin
from counterfoil.actions.writes import Write
from counterfoil.domain.account import EVERYONE
from counterfoil.domain.errors import BadText, NotFound, NotOpen


class Request(Write, frozen=True, kw_only=True):
    SecretId: RequiredText
    """The key to disable."""


class Response(msgspec.Struct, frozen=True):
    SecretId: str
    """The key that is disabled."""


async def run(call: Call, request: Request) -> Response:
    secret_id = values.text(request.SecretId, "SecretId")
    came_from = origin(call, ACTION.name, request.ClientToken, request)
    await call.book.keys.disable(came_from, secret_id)
    return Response(secret_id)


ACTION = Action(
    service="counterfoil",
    version="2026-11-21",
    name="DisableCredential",
    is_write=True,
    roles=EVERYONE,
    request=Request,
    response=Response,
    run=run,
    errors=write_errors(BadText, NotFound, NotOpen),
    example_needs=(Step(CREATE, "--profile reseller ClientToken=readme-credential-2", "SecretId"),),
    example='--profile reseller ClientToken=readme-disable-1 SecretId="$SECRET_ID"',
)
