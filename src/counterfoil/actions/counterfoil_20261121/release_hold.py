"""ReleaseHold: all that a hold set aside goes back, and nothing is spent.

Answers accounts above the customer. Value goes back to the voucher it came from; where that has
ended meanwhile, it ends too, and its quota returns by the voucher's terms.
"""

import msgspec

from counterfoil.actions import values
from counterfoil.actions.counterfoil_20261121.hold_vouchers import ACTION as HOLD
from counterfoil.actions.declaration import Action, Call, Int64, Step
from counterfoil.actions.errors import write_errors
from counterfoil.actions.items import origin, run_one
from counterfoil.actions.writes import CustomerWrite
from counterfoil.domain.account import ABOVE_CUSTOMERS
from counterfoil.domain.errors import NotFound, NotOpen
from counterfoil.ledger.charges import Release
from counterfoil.ledger.results import Moved


class Request(CustomerWrite, frozen=True, kw_only=True):
    HoldId: Int64
    """The hold's number."""


class Response(msgspec.Struct, frozen=True):
    ReleasedAmount: str
    """What went back, USD."""


async def run(call: Call, request: Request) -> Response:
    came_from = origin(call, ACTION.name, request.ClientToken, request)
    moved: Moved = await run_one(call, Release(came_from, request.CustomerUin, request.HoldId))
    return Response(values.usd(moved.amount_micro))


ACTION = Action(
    service="counterfoil",
    version="2026-11-21",
    name="ReleaseHold",
    is_write=True,
    roles=ABOVE_CUSTOMERS,
    request=Request,
    response=Response,
    run=run,
    errors=write_errors(NotFound, NotOpen),
    example_needs=(
        Step(
            HOLD,
            "--profile reseller ClientToken=readme-hold-3 CustomerUin=800000495142 PayMode=prePay "
            "'ExpireTime=2030-12-31 23:59:59' Lines.0.ProductCode=p_cvm "
            "Lines.0.SubProductCode=sp_cvm_s1 Lines.0.Amount=2.5",
            "HoldId",
        ),
    ),
    example="--profile reseller ClientToken=readme-release-1 CustomerUin=800000495142 "
    "HoldId=$HOLD_ID",
)
