"""AdjustVoucherQuota: a partner is given quota to issue vouchers from, or some is taken back.

The platform does so with any partner, from and to outside the books. A distributor does so with its
own second-level resellers, out of its own quota and back into it. Only what is not issued can be
taken back.
"""

import msgspec

from counterfoil.actions import values
from counterfoil.actions.declaration import Action, Call, Int64, RequiredText
from counterfoil.actions.errors import write_errors
from counterfoil.actions.items import origin, run_one
from counterfoil.actions.writes import Write
from counterfoil.domain.account import AccountKind
from counterfoil.domain.errors import BadAmount, BadText, NotFound, QuotaInsufficient
from counterfoil.ledger.issuing import AdjustQuota
from counterfoil.ledger.results import Quota


class Request(Write, frozen=True, kw_only=True):
    PartnerUin: Int64
    """The partner."""
    Amount: RequiredText
    """What to give (above zero) or take back (below zero), USD, up to 1,000,000 either way."""
    Reason: str | None = None
    """Why."""


class Response(msgspec.Struct, frozen=True):
    TotalQuota: str
    """What the partner was given in all, less what was taken back, USD."""
    RemainingQuota: str
    """What it can still issue or give on, USD."""


async def run(call: Call, request: Request) -> Response:
    amount_micro = values.signed_amount(request.Amount, "Amount")
    reason = values.text(request.Reason, "Reason")
    came_from = origin(call, ACTION.name, request.ClientToken, request)
    adjust = AdjustQuota(came_from, request.PartnerUin, amount_micro, reason)
    quota: Quota = await run_one(call, adjust)
    return Response(values.usd(quota.total_micro), values.usd(quota.remaining_micro))


ACTION = Action(
    service="counterfoil",
    version="2026-11-21",
    name="AdjustVoucherQuota",
    is_write=True,
    roles=frozenset({AccountKind.PLATFORM, AccountKind.DISTRIBUTOR}),
    request=Request,
    response=Response,
    run=run,
    errors=write_errors(BadAmount, BadText, NotFound, QuotaInsufficient),
    example="--profile operator ClientToken=readme-quota-1 PartnerUin=200000000200 Amount=1000",
)
