"""DescribeBalanceAt: what a voucher, or a partner's quota, stood at in a second of the past.

Answers the customer or partner whose it is and the accounts above it. Counts what had been posted
when the second was over. Of a voucher, what its end or a hold's deadline had made due by then shows
as done, as it did to whoever asked then; a partner's quota is shown as it was posted.
"""

import msgspec

from counterfoil.actions import values
from counterfoil.actions.balances import (
    QuotaBalance,
    VoucherBalance,
    quota_balance,
    voucher_balance,
)
from counterfoil.actions.declaration import Action, Call, RequiredText
from counterfoil.actions.errors import read_errors
from counterfoil.actions.journals import Subject
from counterfoil.domain.account import EVERYONE
from counterfoil.domain.errors import Absent, BadInstant, Invalid, NotFound, Untimely


class Request(Subject, frozen=True, kw_only=True):
    At: RequiredText
    """The second (UTC+8), not one that is still to come."""


class Response(msgspec.Struct, frozen=True):
    Balance: VoucherBalance | QuotaBalance
    """What it stood at; nothing before the voucher was issued or the partner was given quota."""


async def run(call: Call, request: Request) -> Response:
    voucher = request.voucher()
    second = values.at(request.At, "At")
    history = call.book.history
    if voucher is not None:
        return Response(voucher_balance(await history.voucher_at(call.caller, *voucher, second)))
    partner_uin = request.PartnerUin or 0
    return Response(quota_balance(await history.quota_at(call.caller, partner_uin, second)))


ACTION = Action(
    service="counterfoil",
    version="2026-11-21",
    name="DescribeBalanceAt",
    roles=EVERYONE,
    request=Request,
    response=Response,
    run=run,
    errors=read_errors(Absent, Invalid, BadInstant, Untimely, NotFound),
    example="--profile reseller CustomerUin=800000495142 VoucherId=12130012 "
    "'At=2024-02-01 00:00:00'",
)
