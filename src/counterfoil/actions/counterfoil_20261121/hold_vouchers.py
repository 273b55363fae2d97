"""HoldVouchers: value is set aside for an order until it is captured, released or lapses.

Answers accounts above the customer. The vouchers that would pay the same charge now set it aside,
in burn-down order or in the order named; what they can't is no error. Nothing is spent yet. What
was set aside stays so past a voucher's end; when the hold's deadline comes it goes back.
"""

import msgspec

from counterfoil.actions import values
from counterfoil.actions.declaration import Action, Call, Int64, RequiredText
from counterfoil.actions.errors import write_errors
from counterfoil.actions.items import origin, run_one
from counterfoil.actions.purchases import AllocatedLine, ChargeFields, allocated, purchase_of
from counterfoil.domain.account import ABOVE_CUSTOMERS
from counterfoil.domain.errors import (
    BadAmount,
    BadChoice,
    BadInstant,
    BadText,
    NotFound,
    OutOfRange,
    Untimely,
)
from counterfoil.ledger.charges import OpenHold
from counterfoil.ledger.results import Held


class Request(ChargeFields, frozen=True, kw_only=True):
    ExpireTime: RequiredText
    """The last second in which it can be captured or released (UTC+8)."""


class HeldAllocation(msgspec.Struct, frozen=True):
    """What was set aside on one voucher."""

    VoucherId: Int64
    """The voucher's number."""
    Amount: str
    """What was set aside, USD."""
    Lines: list[AllocatedLine]
    """Its share of each line."""


class Response(msgspec.Struct, frozen=True):
    HoldId: Int64
    """The hold's number."""
    HeldAmount: str
    """What was set aside in all, USD."""
    Allocations: list[HeldAllocation]
    """What was set aside on each voucher, in burn-down order."""


async def run(call: Call, request: Request) -> Response:
    purchase = purchase_of(request)
    expires_at = values.end_at(request.ExpireTime, "ExpireTime")
    came_from = origin(call, ACTION.name, request.ClientToken, request)
    held: Held = await run_one(call, OpenHold(came_from, request.CustomerUin, purchase, expires_at))
    return Response(
        held.hold_id,
        values.usd(held.held_micro),
        [
            HeldAllocation(part.voucher_no, values.usd(part.amount_micro), allocated(part.shares))
            for part in held.parts
        ],
    )


ACTION = Action(
    service="counterfoil",
    version="2026-11-21",
    name="HoldVouchers",
    is_write=True,
    roles=ABOVE_CUSTOMERS,
    request=Request,
    response=Response,
    run=run,
    errors=write_errors(OutOfRange, BadAmount, BadInstant, BadText, BadChoice, NotFound, Untimely),
    example="--profile reseller ClientToken=readme-hold-1 CustomerUin=800000495142 PayMode=prePay "
    "'ExpireTime=2030-12-31 23:59:59' Lines.0.ProductCode=p_cvm Lines.0.SubProductCode=sp_cvm_s1 "
    "Lines.0.Amount=2.5",
)
