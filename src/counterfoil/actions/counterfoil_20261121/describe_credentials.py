"""DescribeCredentials: the keys of an account and its sub-users, and when each was last used.

Answers about the caller's own account; the platform asks about any. A use is shown within a minute
of it. A page begins where the one before ended.
"""

import msgspec

from counterfoil.actions.declaration import Action, Call, Int64
from counterfoil.actions.errors import read_errors
from counterfoil.domain.account import EVERYONE
from counterfoil.domain.errors import BadCursor, NotFound, OutOfRange
from counterfoil.domain.instants import shown

LIMIT_MAX = 1_000
LIMIT_DEFAULT = 100
_CURSOR_MAX = 128


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    Uin: Int64 | None = None
    """The account; by default the caller's."""
    Limit: Int64 | None = None
    """Keys a page, 1 to 1,000, by default 100."""
    Cursor: str | None = None
    """Where the page begins: the Cursor of the answer before; absent or empty for the first."""


class CredentialOfAccount(msgspec.Struct, frozen=True):
    """One key."""

    SecretId: str
    """What names it."""
    Uin: Int64
    """Who signs with it: the account itself or a sub-user."""
    CreatedTime: str
    """When it was made (UTC+8)."""
    DisabledTime: str | None
    """When it was disabled (UTC+8); null for one that works."""
    LastUsedTime: str | None
    """When it last signed a request (UTC+8); null where that is not known."""


class Response(msgspec.Struct, frozen=True):
    Credentials: list[CredentialOfAccount]
    """The page's keys, by SecretId."""
    Cursor: str
    """Where the next page begins; empty on the last one."""


async def run(call: Call, request: Request) -> Response:
    limit = LIMIT_DEFAULT if request.Limit is None else request.Limit
    if not 1 <= limit <= LIMIT_MAX:
        raise OutOfRange("Limit")
    after_id = request.Cursor or ""
    if len(after_id) > _CURSOR_MAX or not (after_id.isascii() and after_id.isprintable()):
        raise BadCursor("Cursor", after_id)
    uin = call.caller.main_uin if request.Uin is None else request.Uin
    page = await call.book.key_list.page(call.caller, uin, after_id=after_id, size=limit + 1)
    following = page[limit - 1].secret_id if len(page) > limit else ""
    keys = [
        CredentialOfAccount(
            key.secret_id,
            key.uin,
            shown(key.created_at),
            shown(key.disabled_at) if key.disabled_at else None,
            shown(key.last_used_at) if key.last_used_at else None,
        )
        for key in page[:limit]
    ]
    return Response(keys, following)


ACTION = Action(
    service="counterfoil",
    version="2026-11-21",
    name="DescribeCredentials",
    roles=EVERYONE,
    request=Request,
    response=Response,
    run=run,
    errors=read_errors(OutOfRange, BadCursor, NotFound),
    example="--profile reseller Limit=10",
)
