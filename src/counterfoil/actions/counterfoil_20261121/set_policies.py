"""SetPolicies: what becomes of value that is not spent, and how a charge chooses vouchers.

A partner sets its own policies and those of the partners below it; the platform anybody's. Policies
on what returns go into a voucher's terms when it is issued, so they hold for what the partner
issues from now on. The order in which vouchers burn down follows the partner directly below the
platform, for all customers of its tree, at once.
"""

import msgspec

from counterfoil.actions import values
from counterfoil.actions.declaration import Action, Call, Int64
from counterfoil.actions.errors import write_errors
from counterfoil.actions.items import origin
from counterfoil.actions.writes import Write
from counterfoil.domain.account import ABOVE_CUSTOMERS
from counterfoil.domain.errors import BadChoice, NotFound
from counterfoil.ledger.accounts import ChoosePolicies
from counterfoil.ledger.results import PoliciesSet


class Request(Write, frozen=True, kw_only=True):
    PartnerUin: Int64 | None = None
    """Whose policies; by default the caller's."""
    ReturnOnRefund: bool | None = None
    """Whether a refund gives value back to the voucher; at first not."""
    ReturnOnExpiry: bool | None = None
    """Whether the quota of what is left returns when a voucher expires; at first it does."""
    ReturnOnWithdrawal: bool | None = None
    """Whether the quota of what is left returns when a voucher is ended early; at first it does."""
    BurnPolicy: str | None = None
    """intl (at first): several vouchers may pay one charge, soonest end first; cn: one voucher
    pays."""


class Response(msgspec.Struct, frozen=True):
    ReturnOnRefund: bool
    """As it is now."""
    ReturnOnExpiry: bool
    """As it is now."""
    ReturnOnWithdrawal: bool
    """As it is now."""
    BurnPolicy: str
    """As it is now."""


async def run(call: Call, request: Request) -> Response:
    burn = request.BurnPolicy
    choice = ChoosePolicies(
        burn_policy=values.choice(burn, values.BURN_POLICIES, "BurnPolicy") if burn else None,
        origin=origin(call, ACTION.name, request.ClientToken, request),
        owner_uin=call.caller.main_uin if request.PartnerUin is None else request.PartnerUin,
        returns_on_refund=request.ReturnOnRefund,
        returns_on_expiry=request.ReturnOnExpiry,
        returns_on_withdrawal=request.ReturnOnWithdrawal,
    )
    now: PoliciesSet = await call.book.set_up.run(choice)
    return Response(
        now.returns_on_refund,
        now.returns_on_expiry,
        now.returns_on_withdrawal,
        now.burn_policy.value,
    )


ACTION = Action(
    service="counterfoil",
    version="2026-11-21",
    name="SetPolicies",
    is_write=True,
    roles=ABOVE_CUSTOMERS,
    request=Request,
    response=Response,
    run=run,
    errors=write_errors(BadChoice, NotFound),
    example="--profile reseller ClientToken=readme-policies-1 ReturnOnExpiry=true",
)
