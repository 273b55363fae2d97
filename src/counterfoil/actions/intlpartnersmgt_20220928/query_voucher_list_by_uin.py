"""QueryVoucherListByUin: all vouchers of up to 20 customers of a partner.

Answers a distributor, reseller or second-level reseller about vouchers of customers in its own tree
that it, or a partner below it, has issued; each customer's newest first, without pages. Customers
come in the order asked, each once. If one of them is not in the caller's tree, nothing is told.
"""

from typing import Annotated

import msgspec

from counterfoil.actions.declaration import Action, Call, Int64, Shows, UInt64, rendered_list
from counterfoil.actions.partners import listed_uins, partner_errors
from counterfoil.actions.voucher_words import BY_UIN_STATES, chosen
from counterfoil.domain.account import PARTNERS
from counterfoil.domain.errors import BadChoice, NotFound, OutOfRange


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    ClientUins: list[UInt64]
    """The customers, 1 to 20."""
    Status: str | None = None
    """Only Unused, Used or Expired."""


class ClientVoucher(msgspec.Struct, frozen=True):
    """One voucher."""

    VoucherId: str
    """The voucher's code."""
    VoucherStatus: str
    """Unused, Used or Expired (ended early, too)."""
    TotalAmount: float
    """The face value, USD."""
    RemainAmount: float
    """The face value less what was spent, USD."""


class ClientVouchers(msgspec.Struct, frozen=True):
    """A customer's vouchers."""

    ClientUin: Int64
    """The customer."""
    TotalCount: Int64
    """How many vouchers follow."""
    Data: Annotated[msgspec.Raw, Shows(ClientVoucher, is_list=True)]
    """The vouchers."""


class Response(msgspec.Struct, frozen=True):
    Data: list[ClientVouchers]
    """The customers, in the order asked."""


async def run(call: Call, request: Request) -> Response:
    uins = listed_uins(request.ClientUins, "ClientUins")
    status = chosen(request.Status, BY_UIN_STATES, "Status")
    found = await call.book.customers.lists(call.caller, uins, status)
    return Response(
        Data=[
            ClientVouchers(one.customer_uin, one.voucher_count, rendered_list(one.rows))
            for one in found
        ]
    )


ACTION = Action(
    service="intlpartnersmgt",
    version="2022-09-28",
    name="QueryVoucherListByUin",
    rate=5,
    roles=PARTNERS,
    request=Request,
    response=Response,
    run=run,
    errors=partner_errors(OutOfRange, BadChoice, NotFound),
    example="--profile reseller ClientUins.0=800000495142 ClientUins.1=700000866965",
)
