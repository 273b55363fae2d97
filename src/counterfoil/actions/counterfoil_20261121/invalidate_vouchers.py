"""InvalidateVouchers: the platform ends vouchers, whoever issued them.

Answers the platform. The whole remainder goes, and its quota returns by the voucher's terms. What a
hold has set aside stays so; what it lets go of later goes the same way. Each voucher is judged by
itself.
"""

import msgspec

from counterfoil.actions import values
from counterfoil.actions.counterfoil_20261121.issue_vouchers import ACTION as ISSUE
from counterfoil.actions.declaration import Action, Call, ItemError, Step
from counterfoil.actions.endings import EndedVoucher, VoucherToEnd, ended
from counterfoil.actions.errors import write_errors
from counterfoil.actions.items import origin, run_items
from counterfoil.domain.account import AccountKind
from counterfoil.domain.errors import BadText, NotFound, NotOpen, OutOfRange
from counterfoil.domain.voucher import VoidKind
from counterfoil.ledger.ending import EndVoucher


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    Vouchers: list[VoucherToEnd]
    """The vouchers to end, 1 to 1,000."""


class Response(msgspec.Struct, frozen=True):
    Results: list[EndedVoucher | ItemError]
    """One result for each voucher, in order."""


async def run(call: Call, request: Request) -> Response:
    def command_of(asked: VoucherToEnd) -> EndVoucher:
        reason = values.text(asked.Reason, "Reason")
        came_from = origin(call, ACTION.name, asked.ClientToken, asked)
        return EndVoucher(came_from, asked.CustomerUin, asked.VoucherId, VoidKind.KILLED, reason)

    return Response(await run_items(call, request.Vouchers, "Vouchers", command_of, ended))


ACTION = Action(
    service="counterfoil",
    version="2026-11-21",
    name="InvalidateVouchers",
    is_write=True,
    roles=frozenset({AccountKind.PLATFORM}),
    request=Request,
    response=Response,
    run=run,
    errors=write_errors(OutOfRange, BadText, NotFound, NotOpen),
    example_needs=(
        Step(
            ISSUE,
            "--profile reseller Vouchers.0.ClientToken=readme-issue-5 "
            "Vouchers.0.CustomerUin=800000495142 Vouchers.0.Amount=100 "
            "'Vouchers.0.ExpireTime=2030-12-31 23:59:59'",
            "VoucherId",
        ),
    ),
    example="--profile operator Vouchers.0.ClientToken=readme-invalidate-1 "
    "Vouchers.0.CustomerUin=800000495142 Vouchers.0.VoucherId=$VOUCHER_ID",
)
