"""RefundUsage: what a voucher paid is given back to it, as far as its terms let value return.

Answers accounts above the customer. A refund is a new usage record with a negative amount, which
names the one it takes back; all refunds and adjustments of a record never take more than it paid.
Where the voucher's issuer lets nothing return, there is no new record and nothing moves. Value that
comes back after the voucher's end does not revive it.
"""

import msgspec

from counterfoil.actions import values
from counterfoil.actions.counterfoil_20261121.charge_vouchers import ACTION as CHARGE
from counterfoil.actions.counterfoil_20261121.issue_vouchers import ACTION as ISSUE
from counterfoil.actions.declaration import Action, Call, Int64, Step
from counterfoil.actions.errors import write_errors
from counterfoil.actions.items import origin, run_one
from counterfoil.actions.writes import CustomerWrite
from counterfoil.domain.account import ABOVE_CUSTOMERS
from counterfoil.domain.errors import BadAmount, BadText, NotFound, NotOpen, ValueInsufficient
from counterfoil.ledger.corrections import Refund
from counterfoil.ledger.results import Corrected


class Request(CustomerWrite, frozen=True, kw_only=True):
    UsageId: Int64
    """Number of the usage record to take back."""
    Amount: str | None = None
    """What to take back of it, USD; by default all that is left."""
    Reason: str | None = None
    """Why."""


class Response(msgspec.Struct, frozen=True):
    UsageId: Int64 | None
    """Number of the new usage record; null where nothing may return."""
    ReturnedAmount: str
    """What went back, USD."""


async def run(call: Call, request: Request) -> Response:
    amount_micro = values.amount(request.Amount, "Amount") if request.Amount is not None else None
    reason = values.text(request.Reason, "Reason")
    came_from = origin(call, ACTION.name, request.ClientToken, request)
    refund = Refund(came_from, request.CustomerUin, request.UsageId, amount_micro, reason)
    corrected: Corrected = await run_one(call, refund)
    return Response(corrected.usage_id, values.usd(-corrected.amount_micro))


ACTION = Action(
    service="counterfoil",
    version="2026-11-21",
    name="RefundUsage",
    is_write=True,
    roles=ABOVE_CUSTOMERS,
    request=Request,
    response=Response,
    run=run,
    errors=write_errors(BadAmount, BadText, NotFound, NotOpen, ValueInsufficient),
    example_needs=(
        Step(
            ISSUE,
            "--profile reseller Vouchers.0.ClientToken=readme-issue-2 "
            "Vouchers.0.CustomerUin=800000495142 Vouchers.0.Amount=100 "
            "'Vouchers.0.ExpireTime=2030-12-31 23:59:59'",
            "VoucherId",
        ),
        Step(
            CHARGE,
            "--profile reseller Charges.0.ClientToken=readme-charge-2 "
            "Charges.0.CustomerUin=800000495142 Charges.0.PayMode=postPay "
            "Charges.0.VoucherIds.0=$VOUCHER_ID Charges.0.Lines.0.ProductCode=p_cvm "
            "Charges.0.Lines.0.SubProductCode=sp_cvm_s1 Charges.0.Lines.0.Amount=2.5",
            "UsageId",
        ),
    ),
    example="--profile reseller ClientToken=readme-refund-1 CustomerUin=800000495142 "
    "UsageId=$USAGE_ID Amount=0.5",
)
