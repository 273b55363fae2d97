"""QueryVoucherAmountByUin: what vouchers are worth to up to 20 customers of a partner.

Answers a distributor, reseller or second-level reseller about customers in its own tree, over the
vouchers that it, or a partner below it, has issued. Customers come in the order asked, each once.
If one of them is not in the caller's tree, nothing is told.
"""

import msgspec

from counterfoil.actions.declaration import (
    Action,
    Call,
    Int64,
    PartnerAmount,
    UInt64,
    partner_amount,
)
from counterfoil.actions.partners import listed_uins, partner_errors
from counterfoil.domain.account import PARTNERS
from counterfoil.domain.errors import NotFound, OutOfRange


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    ClientUins: list[UInt64]
    """The customers, 1 to 20."""


class ClientAmounts(msgspec.Struct, frozen=True):
    """A customer's sums."""

    ClientUin: Int64
    """The customer."""
    TotalAmount: PartnerAmount
    """Face values of all its vouchers that were not ended early, USD."""
    RemainAmount: PartnerAmount
    """What of them it can spend now, USD: neither held, nor before its time, nor ended."""


class Response(msgspec.Struct, frozen=True):
    Data: list[ClientAmounts]
    """The customers, in the order asked."""


async def run(call: Call, request: Request) -> Response:
    uins = listed_uins(request.ClientUins, "ClientUins")
    found = await call.book.customers.amounts(call.caller, uins)
    return Response(
        Data=[
            ClientAmounts(
                one.customer_uin,
                partner_amount(one.face_micro),
                partner_amount(one.spendable_micro),
            )
            for one in found
        ]
    )


ACTION = Action(
    service="intlpartnersmgt",
    version="2022-09-28",
    name="QueryVoucherAmountByUin",
    rate=5,
    roles=PARTNERS,
    request=Request,
    response=Response,
    run=run,
    errors=partner_errors(OutOfRange, NotFound),
    example="--profile reseller ClientUins.0=800000495142 ClientUins.1=700000866965",
)
