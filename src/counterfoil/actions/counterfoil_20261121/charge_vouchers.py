"""ChargeVouchers: bills and orders are paid from the vouchers that may pay them.

Answers accounts above the customer. Each charge is judged by itself and at once with the others:
its vouchers are taken in burn-down order, or those it names in the order named; what they can't pay
stays unpaid, which is no error. A charge sent again under its ClientToken has the same answer and
no second effect.
"""

import msgspec

from counterfoil.actions.declaration import Action, Call, ItemError
from counterfoil.actions.errors import write_errors
from counterfoil.actions.items import origin, run_items
from counterfoil.actions.purchases import ChargeFields, ChargeResult, charge_result, purchase_of
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
from counterfoil.ledger.charges import Charge


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    Charges: list[ChargeFields]
    """What is to be paid, 1 to 1,000 charges."""


class Response(msgspec.Struct, frozen=True):
    Results: list[ChargeResult | ItemError]
    """One result for each charge, in order."""


async def run(call: Call, request: Request) -> Response:
    def command_of(charge: ChargeFields) -> Charge:
        purchase = purchase_of(charge)
        came_from = origin(call, ACTION.name, charge.ClientToken, charge)
        return Charge(came_from, charge.CustomerUin, purchase)

    return Response(await run_items(call, request.Charges, "Charges", command_of, charge_result))


ACTION = Action(
    service="counterfoil",
    version="2026-11-21",
    name="ChargeVouchers",
    is_write=True,
    roles=ABOVE_CUSTOMERS,
    request=Request,
    response=Response,
    run=run,
    errors=write_errors(OutOfRange, BadAmount, BadInstant, BadText, BadChoice, NotFound, Untimely),
    example="--profile reseller Charges.0.ClientToken=readme-charge-1 "
    "Charges.0.CustomerUin=800000495142 Charges.0.PayMode=postPay "
    "Charges.0.Lines.0.ProductCode=p_cvm Charges.0.Lines.0.SubProductCode=sp_cvm_s1 "
    "Charges.0.Lines.0.Amount=2.5",
)
