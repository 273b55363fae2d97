"""AdjustUsage: a bill was corrected, so a voucher paid more or less than a usage record says.

Answers accounts above the customer. An adjustment is a new usage record, which names the one it
corrects and belongs to the month in which it is made. More is taken from the same voucher, while it
is live and has so much left; less goes back to it, up to what the record and its corrections leave.
"""

import msgspec

from counterfoil.actions import values
from counterfoil.actions.counterfoil_20261121.charge_vouchers import ACTION as CHARGE
from counterfoil.actions.counterfoil_20261121.issue_vouchers import ACTION as ISSUE
from counterfoil.actions.declaration import Action, Call, Int64, RequiredText, Step
from counterfoil.actions.errors import write_errors
from counterfoil.actions.items import origin, run_one
from counterfoil.actions.writes import CustomerWrite
from counterfoil.domain.account import ABOVE_CUSTOMERS
from counterfoil.domain.errors import BadAmount, BadText, NotFound, NotOpen, ValueInsufficient
from counterfoil.ledger.corrections import Adjust
from counterfoil.ledger.results import Corrected


class Request(CustomerWrite, frozen=True, kw_only=True):
    UsageId: Int64
    """Number of the usage record to correct."""
    Amount: RequiredText
    """What was used more (above zero) or less (below zero), USD, up to 1,000,000 either way."""
    BillId: str | None = None
    """Number of the corrected bill; by default that of the record."""
    Reason: str | None = None
    """Why."""


class Response(msgspec.Struct, frozen=True):
    UsageId: Int64
    """Number of the new usage record."""
    AdjustedAmount: str
    """What it adds to what was used, USD; negative where value went back."""


async def run(call: Call, request: Request) -> Response:
    amount_micro = values.signed_amount(request.Amount, "Amount")
    bill_id = values.text(request.BillId, "BillId")
    reason = values.text(request.Reason, "Reason")
    came_from = origin(call, ACTION.name, request.ClientToken, request)
    adjust = Adjust(came_from, request.CustomerUin, request.UsageId, amount_micro, bill_id, reason)
    corrected: Corrected = await run_one(call, adjust)
    assert corrected.usage_id is not None
    return Response(corrected.usage_id, values.usd(corrected.amount_micro))


ACTION = Action(
    service="counterfoil",
    version="2026-11-21",
    name="AdjustUsage",
    is_write=True,
    roles=ABOVE_CUSTOMERS,
    request=Request,
    response=Response,
    run=run,
    errors=write_errors(BadAmount, BadText, NotFound, NotOpen, ValueInsufficient),
    example_needs=(
        Step(
            ISSUE,
            "--profile reseller Vouchers.0.ClientToken=readme-issue-3 "
            "Vouchers.0.CustomerUin=800000495142 Vouchers.0.Amount=100 "
            "'Vouchers.0.ExpireTime=2030-12-31 23:59:59'",
            "VoucherId",
        ),
        Step(
            CHARGE,
            "--profile reseller Charges.0.ClientToken=readme-charge-3 "
            "Charges.0.CustomerUin=800000495142 Charges.0.PayMode=postPay "
            "Charges.0.VoucherIds.0=$VOUCHER_ID Charges.0.Lines.0.ProductCode=p_cvm "
            "Charges.0.Lines.0.SubProductCode=sp_cvm_s1 Charges.0.Lines.0.Amount=2.5",
            "UsageId",
        ),
    ),
    example="--profile reseller ClientToken=readme-adjust-1 CustomerUin=800000495142 "
    "UsageId=$USAGE_ID Amount=-0.5",
)
