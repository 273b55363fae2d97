"""MoveCustomer: a customer is put below another partner, or below none.

A partner moves customers within its own tree, the platform anywhere; below the platform itself a
customer is bound to no partner. What the partners that it leaves have issued to it and is still
live is ended, and the quota of what was left returns to them by the vouchers' terms, unless the
vouchers are kept; then the partners above the customer's new place see them. Partners that stay
above it keep what they issued.
"""

import msgspec

from counterfoil.actions import values
from counterfoil.actions.counterfoil_20261121.create_account import ACTION as CREATE
from counterfoil.actions.declaration import Action, Call, Int64, Step
from counterfoil.actions.errors import write_errors
from counterfoil.actions.items import origin, run_one
from counterfoil.actions.writes import CustomerWrite
from counterfoil.domain.account import ABOVE_CUSTOMERS
from counterfoil.domain.errors import Misplaced, NotFound
from counterfoil.ledger.moving import Move
from counterfoil.ledger.results import CustomerMoved


class Request(CustomerWrite, frozen=True, kw_only=True):
    ParentUin: Int64
    """The partner it belongs to from now on; the platform's account for none."""
    KeepVouchers: bool | None = None
    """Whether the vouchers of the partners that it leaves stay as they are; by default not."""


class Response(msgspec.Struct, frozen=True):
    EndedVouchers: Int64
    """How many vouchers were ended."""
    VoidedAmount: str
    """What was left of them in all, USD."""


async def run(call: Call, request: Request) -> Response:
    came_from = origin(call, ACTION.name, request.ClientToken, request)
    keeps_vouchers = bool(request.KeepVouchers)
    move = Move(came_from, request.CustomerUin, request.ParentUin, keeps_vouchers)
    moved: CustomerMoved = await run_one(call, move)
    return Response(moved.voucher_count, values.usd(moved.voided_micro))


ACTION = Action(
    service="counterfoil",
    version="2026-11-21",
    name="MoveCustomer",
    is_write=True,
    roles=ABOVE_CUSTOMERS,
    request=Request,
    response=Response,
    run=run,
    errors=write_errors(NotFound, Misplaced),
    example_needs=(
        Step(
            CREATE,
            "--profile reseller ClientToken=readme-account-2 Kind=customer 'Name=Example customer'",
            "Uin",
        ),
    ),
    example="--profile operator ClientToken=readme-move-1 CustomerUin=$UIN ParentUin=200000000100",
)
