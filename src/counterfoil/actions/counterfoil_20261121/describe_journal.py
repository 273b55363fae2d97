"""DescribeJournal: every movement of a voucher, or of a partner's quota, in the order posted.

Answers the customer or partner whose it is and the accounts above it. Each row says what it left
everywhere. A page begins where the one before ended, so that the last costs what the first did, and
rows that are posted meanwhile are not missed.
"""

import msgspec

from counterfoil.actions.cursors import cursor, place
from counterfoil.actions.declaration import Action, Call, Int64
from counterfoil.actions.errors import read_errors
from counterfoil.actions.journals import (
    QuotaMovement,
    Subject,
    VoucherMovement,
    quota_movement,
    voucher_movement,
)
from counterfoil.domain.account import EVERYONE
from counterfoil.domain.balance import QUOTA_BUCKETS, VOUCHER_BUCKETS, Balance
from counterfoil.domain.errors import Absent, BadCursor, Invalid, NotFound, OutOfRange
from counterfoil.ledger.history import Place

LIMIT_MAX = 1_000
LIMIT_DEFAULT = 100


class Request(Subject, frozen=True, kw_only=True):
    Limit: Int64 | None = None
    """Movements a page, 1 to 1,000, by default 100."""
    Cursor: str | None = None
    """Where the page begins: the Cursor of the answer before; absent or empty for the first."""


class Response(msgspec.Struct, frozen=True):
    Movements: list[VoucherMovement | QuotaMovement]
    """The page's movements, the first posted first."""
    Cursor: str
    """Where the next page begins; empty on the last one."""


async def run(call: Call, request: Request) -> Response:
    voucher = request.voucher()
    limit = LIMIT_DEFAULT if request.Limit is None else request.Limit
    if not 1 <= limit <= LIMIT_MAX:
        raise OutOfRange("Limit")
    history = call.book.history
    if voucher is not None:
        start = _place(request.Cursor, VOUCHER_BUCKETS)
        of_voucher = await history.of_voucher(call.caller, *voucher, start, limit)
        rows = map(voucher_movement, of_voucher.rows, of_voucher.balances)
        return Response(list(rows), _cursor(of_voucher.next, VOUCHER_BUCKETS))
    start = _place(request.Cursor, QUOTA_BUCKETS)
    of_quota = await history.of_quota(call.caller, request.PartnerUin or 0, start, limit)
    moved = map(quota_movement, of_quota.rows, of_quota.balances)
    return Response(list(moved), _cursor(of_quota.next, QUOTA_BUCKETS))


def _place(text: str | None, buckets: tuple[str, ...]) -> Place:
    posting_no, usages, *micro = place(text, 2 + len(buckets)) or (0, 0)
    return Place(posting_no, usages, Balance(dict(zip(buckets, micro, strict=False))))


def _cursor(following: Place | None, buckets: tuple[str, ...]) -> str:
    if following is None:
        return ""
    balance = following.balance
    return cursor(following.posting_no, following.usages, *(balance[name] for name in buckets))


ACTION = Action(
    service="counterfoil",
    version="2026-11-21",
    name="DescribeJournal",
    roles=EVERYONE,
    request=Request,
    response=Response,
    run=run,
    errors=read_errors(Absent, Invalid, OutOfRange, BadCursor, NotFound),
    example="--profile reseller CustomerUin=800000495142 VoucherId=12130012",
)
