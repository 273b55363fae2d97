"""CaptureHold: what a hold set aside is spent, all of it or the first part; the rest goes back.

Answers accounts above the customer. A hold is captured once, before its deadline. A part is taken
from the held vouchers in burn-down order, whatever has become of them meanwhile; what is left goes
back at the same moment.
"""

from counterfoil.actions import values
from counterfoil.actions.counterfoil_20261121.hold_vouchers import ACTION as HOLD
from counterfoil.actions.declaration import Action, Call, Int64, Step
from counterfoil.actions.errors import write_errors
from counterfoil.actions.items import origin, run_one
from counterfoil.actions.purchases import ChargeResult, charge_result
from counterfoil.actions.writes import CustomerWrite
from counterfoil.domain.account import ABOVE_CUSTOMERS
from counterfoil.domain.errors import (
    BadAmount,
    BadInstant,
    NotFound,
    NotOpen,
    Untimely,
    ValueInsufficient,
)
from counterfoil.ledger.charges import Capture


class Request(CustomerWrite, frozen=True, kw_only=True):
    HoldId: Int64
    """The hold's number."""
    Amount: str | None = None
    """What to spend of it, USD; by default all."""
    CompletionTime: str | None = None
    """When the order was completed (UTC+8), by default now; not before the hold's PayTime."""


async def run(call: Call, request: Request) -> ChargeResult:
    amount_micro = values.amount(request.Amount, "Amount") if request.Amount is not None else None
    completed_at = values.at_or_none(request.CompletionTime, "CompletionTime")
    came_from = origin(call, ACTION.name, request.ClientToken, request)
    capture = Capture(came_from, request.CustomerUin, request.HoldId, amount_micro, completed_at)
    return charge_result(await run_one(call, capture))


ACTION = Action(
    service="counterfoil",
    version="2026-11-21",
    name="CaptureHold",
    is_write=True,
    roles=ABOVE_CUSTOMERS,
    request=Request,
    response=ChargeResult,
    run=run,
    errors=write_errors(BadAmount, BadInstant, NotFound, NotOpen, Untimely, ValueInsufficient),
    example_needs=(
        Step(
            HOLD,
            "--profile reseller ClientToken=readme-hold-2 CustomerUin=800000495142 PayMode=prePay "
            "'ExpireTime=2030-12-31 23:59:59' Lines.0.ProductCode=p_cvm "
            "Lines.0.SubProductCode=sp_cvm_s1 Lines.0.Amount=2.5",
            "HoldId",
        ),
    ),
    example="--profile reseller ClientToken=readme-capture-1 CustomerUin=800000495142 "
    "HoldId=$HOLD_ID",
)
