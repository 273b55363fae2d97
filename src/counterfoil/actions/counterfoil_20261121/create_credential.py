"""CreateCredential: an account is given another key to sign with.

Answers with a key of the caller's own account or of one of its sub-users; the platform makes keys
for any account. A partner can't make one for its customer. The secret is shown in this answer and
never again: the same request sent again names the key without its secret.
"""

import msgspec

from counterfoil.actions.declaration import Action, Call, Int64
from counterfoil.actions.errors import write_errors
from counterfoil.actions.items import origin
from counterfoil.actions.writes import Write
from counterfoil.domain.account import EVERYONE
from counterfoil.domain.errors import NotFound


class Request(Write, frozen=True, kw_only=True):
    Uin: Int64 | None = None
    """The account or sub-user that is to sign with it; by default the caller's account."""


class Response(msgspec.Struct, frozen=True):
    SecretId: str
    """What names the key."""
    SecretKey: str | None
    """What signs; null where it was shown before."""


async def run(call: Call, request: Request) -> Response:
    uin = call.caller.main_uin if request.Uin is None else request.Uin
    came_from = origin(call, ACTION.name, request.ClientToken, request)
    key = await call.book.keys.make(came_from, uin)
    return Response(key.secret_id, key.secret_key)


ACTION = Action(
    service="counterfoil",
    version="2026-11-21",
    name="CreateCredential",
    is_write=True,
    roles=EVERYONE,
    request=Request,
    response=Response,
    run=run,
    errors=write_errors(NotFound),
    example="--profile reseller ClientToken=readme-credential-1",
)
