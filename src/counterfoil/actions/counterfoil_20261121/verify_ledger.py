"""VerifyLedger: everything stored beside the journal is worked out from it once more.

Answers the platform about all books, and accounts above a customer about that customer's. Looks at
the books as they are at one instant and keeps nobody waiting; it takes time in proportion to their
size. Every difference says what doesn't hold, where, what the journal comes to and what was found.
"""

import msgspec

from counterfoil.actions.declaration import Action, Call, Int64
from counterfoil.actions.errors import read_errors
from counterfoil.domain.account import ABOVE_CUSTOMERS
from counterfoil.domain.errors import NotFound, RoleRefused
from counterfoil.ledger.verify import Difference


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    CustomerUin: Int64 | None = None
    """Only this customer's books; all books, and the partners' quota, where it is absent."""


class FoundDifference(msgspec.Struct, frozen=True):
    """Something that is not what the journal comes to."""

    Kind: str
    """What it is, as table and column, such as voucher.spent or usage_month.record_count."""
    OwnerUin: Int64
    """The customer whose books they are; of quota, the partner."""
    VoucherId: Int64 | None
    """The voucher's number; null where it is about none."""
    Place: str
    """Which row, such as month 202403; empty where the rest says it."""
    Expected: str
    """What the journal comes to: USD, a number, an instant (UTC); empty where there should be
    nothing."""
    Found: str
    """What was found; empty where there is nothing."""


class Response(msgspec.Struct, frozen=True):
    Vouchers: Int64
    """How many vouchers were looked at."""
    Usages: Int64
    """How many usage records were looked at."""
    Differences: list[FoundDifference]
    """What doesn't hold, at most 1,000 of it; empty when the books hold."""


async def run(call: Call, request: Request) -> Response:
    found = await call.book.verifications.run(call.caller, request.CustomerUin)
    return Response(found.vouchers, found.usages, [_found(one) for one in found.differences])


def _found(one: Difference) -> FoundDifference:
    return FoundDifference(
        one.kind, one.owner_uin, one.voucher_no, one.place, one.expected, one.found
    )


ACTION = Action(
    service="counterfoil",
    version="2026-11-21",
    name="VerifyLedger",
    roles=ABOVE_CUSTOMERS,
    request=Request,
    response=Response,
    run=run,
    errors=read_errors(RoleRefused, NotFound),
    example="--profile operator",
)
