"""DescribeAudit: who did what, or was refused, newest first.

There is a row for every write and for every refusal of a caller whose signature held, at most a
second after it happened; refusals of strangers are only counted, in the metrics. A call with many
items is one row, which tells how many of them were refused. A page begins where the one before
ended.
"""

from datetime import UTC, datetime, timedelta

import msgspec

from counterfoil.actions import values
from counterfoil.actions.cursors import cursor, place
from counterfoil.actions.declaration import Action, Call, Int64
from counterfoil.actions.errors import read_errors
from counterfoil.domain.account import AccountKind
from counterfoil.domain.errors import BadCursor, BadInstant, BadText, OutOfRange
from counterfoil.domain.instants import shown
from counterfoil.store.audit import AuditRow, Place

LIMIT_MAX = 1_000
LIMIT_DEFAULT = 100

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    CallerUin: Int64 | None = None
    """Only what this identity did: an account itself, a sub-user or a role."""
    ActionName: str | None = None
    """Only this action."""
    BeginTime: str | None = None
    """Only from this second on (UTC+8)."""
    EndTime: str | None = None
    """Only up to this second (UTC+8), itself included."""
    Limit: Int64 | None = None
    """Rows a page, 1 to 1,000, by default 100."""
    Cursor: str | None = None
    """Where the page begins: the Cursor of the answer before; absent or empty for the newest."""


class AuditEntry(msgspec.Struct, frozen=True):
    """One request."""

    Time: str
    """When it was answered (UTC+8)."""
    RequestId: str
    """The RequestId of its answer."""
    AccountUin: Int64
    """The account that it was signed for."""
    CallerUin: Int64
    """Who signed it: the account itself, a sub-user or a role."""
    SessionName: str
    """The name of a role's session; empty for others."""
    SecretId: str
    """The key that signed."""
    Address: str
    """Where it came from: the address that the server saw, a proxy's where there is one."""
    Service: str
    """The service that was meant."""
    ActionName: str
    """The action that was meant, whether or not there is one."""
    Code: str
    """The code of its refusal; empty for a success."""
    RefusedCount: Int64
    """How many items of a success were refused all the same."""


class Response(msgspec.Struct, frozen=True):
    Entries: list[AuditEntry]
    """The page's rows, newest first."""
    Cursor: str
    """Where the next page begins; empty on the last one."""


async def run(call: Call, request: Request) -> Response:
    limit = LIMIT_DEFAULT if request.Limit is None else request.Limit
    if not 1 <= limit <= LIMIT_MAX:
        raise OutOfRange("Limit")
    action = values.text(request.ActionName, "ActionName") or None
    since = values.at_or_none(request.BeginTime, "BeginTime") or _EPOCH
    end_at = values.end_at(request.EndTime, "EndTime") if request.EndTime else _NEVER
    page = await call.book.audit.page(
        caller_uin=request.CallerUin,
        action=action,
        since=since,
        before=_place(request.Cursor) or Place(end_at, 0),
        size=limit + 1,
    )
    following = _cursor(page[limit - 1][0]) if len(page) > limit else ""
    return Response([_entry(row) for _, row in page[:limit]], following)


def _entry(row: AuditRow) -> AuditEntry:
    return AuditEntry(
        shown(row.occurred_at),
        str(row.request_id),
        row.main_uin,
        row.uin,
        row.session,
        row.secret_id,
        row.address,
        row.service,
        row.action,
        row.code,
        row.refused_count,
    )


def _cursor(before: Place) -> str:
    return cursor((before.occurred_at - _EPOCH) // _MICROSECOND, before.audit_id)


def _place(text: str | None) -> Place | None:
    numbers = place(text, 2)
    if numbers is None:
        return None
    try:
        return Place(_EPOCH + numbers[0] * _MICROSECOND, numbers[1])
    except OverflowError:
        raise BadCursor("Cursor", text) from None


ACTION = Action(
    service="counterfoil",
    version="2026-11-21",
    name="DescribeAudit",
    roles=frozenset({AccountKind.PLATFORM}),
    request=Request,
    response=Response,
    run=run,
    errors=read_errors(OutOfRange, BadText, BadInstant, BadCursor),
    example="--profile operator Limit=10",
)
