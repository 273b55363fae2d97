"""ExplainCharge: what each voucher of a customer would pay of a charge, or why it would not.

Answers the customer itself and the accounts above it. Nothing is paid: the same charge sent to be
paid right after is paid just so. Vouchers come in the order in which they are considered: those
that a charge looks at, and besides them the newest 1,000.
"""

import msgspec

from counterfoil.actions import values
from counterfoil.actions.declaration import Action, Call, Int64
from counterfoil.actions.errors import read_errors
from counterfoil.actions.purchases import AllocatedLine, PurchaseFields, allocated, purchase_of
from counterfoil.domain.account import EVERYONE
from counterfoil.domain.burndown import Verdict
from counterfoil.domain.errors import (
    BadAmount,
    BadChoice,
    BadInstant,
    BadText,
    NotFound,
    OutOfRange,
    Untimely,
)


class Request(PurchaseFields, frozen=True, kw_only=True):
    pass


class JudgedVoucher(msgspec.Struct, frozen=True):
    """What becomes of one voucher."""

    VoucherId: Int64
    """The voucher's number."""
    Reason: str
    """used, or why not, the first that applies: not_named, voided, not_yet_valid, ended, empty,
    pay_mode, pay_scene, products, min_spend, nothing_left_to_pay, one_voucher_only."""
    Amount: str
    """What it would pay, USD."""
    Lines: list[AllocatedLine]
    """Its share of each line."""


class Response(msgspec.Struct, frozen=True):
    PaidAmount: str
    """USD that vouchers would pay."""
    UnpaidAmount: str
    """USD that would stay to be paid otherwise."""
    Verdicts: list[JudgedVoucher]
    """What becomes of each voucher, in burn-down order."""


async def run(call: Call, request: Request) -> Response:
    purchase = purchase_of(request)
    found = await call.book.explanations.of_charge(call.caller, request.CustomerUin, purchase)
    return Response(
        values.usd(found.paid_micro),
        values.usd(found.unpaid_micro),
        [_judged(verdict) for verdict in found.verdicts],
    )


def _judged(verdict: Verdict) -> JudgedVoucher:
    return JudgedVoucher(
        verdict.voucher.voucher_no,
        verdict.reason.value,
        values.usd(verdict.amount_micro),
        allocated(verdict.shares),
    )


ACTION = Action(
    service="counterfoil",
    version="2026-11-21",
    name="ExplainCharge",
    roles=EVERYONE,
    request=Request,
    response=Response,
    run=run,
    errors=read_errors(OutOfRange, BadAmount, BadText, BadChoice, BadInstant, NotFound, Untimely),
    example="--profile reseller CustomerUin=800000495142 PayMode=postPay "
    "Lines.0.ProductCode=p_cvm Lines.0.SubProductCode=sp_cvm_s1 Lines.0.Amount=2.5",
)
