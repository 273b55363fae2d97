"""DescribeVouchers: a customer's vouchers, with their terms, buckets and state.

Answers the customer itself and the accounts above it. Everything that time has made due (an end, a
hold's deadline) shows as done. The highest number comes first; a page begins where the one before
ended, so that every page costs the same and none shows a voucher twice.
"""

import msgspec

from counterfoil.actions import values
from counterfoil.actions.cursors import cursor, place
from counterfoil.actions.declaration import Action, Call, Int64
from counterfoil.actions.described_voucher import DescribedVoucher, described
from counterfoil.actions.errors import read_errors
from counterfoil.domain.account import EVERYONE
from counterfoil.domain.errors import BadChoice, BadCursor, NotFound, OutOfRange
from counterfoil.domain.voucher import State

LIMIT_MAX = 1_000
LIMIT_DEFAULT = 100

STATES = {state.value: state for state in State}

# Above any voucher's number.
_FIRST_PAGE = (2**53,)


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    CustomerUin: Int64
    """Whose vouchers."""
    State: str | None = None
    """Only those in this state: usable, issued (before its time), used, expired, withdrawn or
    killed."""
    VoucherIds: list[Int64] | None = None
    """Only those with these numbers, up to 1,000."""
    Limit: Int64 | None = None
    """Vouchers a page, 1 to 1,000, by default 100."""
    Cursor: str | None = None
    """Where the page begins: the Cursor of the answer before; absent or empty for the first."""


class Response(msgspec.Struct, frozen=True):
    Vouchers: list[DescribedVoucher]
    """The page's vouchers, the highest number first."""
    Cursor: str
    """Where the next page begins; empty on the last one."""


async def run(call: Call, request: Request) -> Response:
    limit = LIMIT_DEFAULT if request.Limit is None else request.Limit
    if not 1 <= limit <= LIMIT_MAX:
        raise OutOfRange("Limit")
    if request.VoucherIds and len(request.VoucherIds) > LIMIT_MAX:
        raise OutOfRange("VoucherIds")
    state = values.choice(request.State, STATES, "State") if request.State else None
    (below_no,) = place(request.Cursor, 1) or _FIRST_PAGE
    page = await call.book.vouchers.page(
        call.caller,
        request.CustomerUin,
        state=state,
        below_no=below_no,
        numbers=request.VoucherIds or None,
        size=limit + 1,
    )
    following = cursor(page[limit - 1].voucher.voucher_no) if len(page) > limit else ""
    return Response([described(listed) for listed in page[:limit]], following)


ACTION = Action(
    service="counterfoil",
    version="2026-11-21",
    name="DescribeVouchers",
    roles=EVERYONE,
    request=Request,
    response=Response,
    run=run,
    errors=read_errors(OutOfRange, BadChoice, BadCursor, NotFound),
    example="--profile reseller CustomerUin=800000495142",
)
