"""QueryVoucherPool: a partner's own voucher quota.

Answers a distributor, reseller or second-level reseller. To what remains counts what is due to come
back from vouchers that have ended, although it is posted a little later.
"""

import msgspec

from counterfoil.actions.declaration import Action, Call, Int64, PartnerAmount, partner_amount
from counterfoil.actions.partners import partner_errors
from counterfoil.domain.account import PARTNERS, AccountKind

ACCOUNT_TYPES = {
    AccountKind.RESELLER: 1,
    AccountKind.DISTRIBUTOR: 2,
    AccountKind.SUB_RESELLER: 3,
}


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class Response(msgspec.Struct, frozen=True):
    AgentName: str
    """The partner's name."""
    AccountType: Int64
    """1: reseller, 2: distributor, 3: second-level reseller."""
    TotalQuota: PartnerAmount
    """What it was given, less what was taken back, USD."""
    RemainingQuota: PartnerAmount
    """What it can still issue or allocate, USD."""
    IssuedNum: Int64
    """How many vouchers it has issued out of its quota."""


async def run(call: Call, _: Request) -> Response:
    quota = await call.book.customers.quota(call.caller)
    return Response(
        AgentName=quota.name,
        AccountType=ACCOUNT_TYPES[quota.kind],
        TotalQuota=partner_amount(quota.total_micro),
        RemainingQuota=partner_amount(quota.remaining_micro),
        IssuedNum=quota.issued_count,
    )


ACTION = Action(
    service="intlpartnersmgt",
    version="2022-09-28",
    name="QueryVoucherPool",
    rate=5,
    roles=PARTNERS,
    request=Request,
    response=Response,
    run=run,
    errors=partner_errors(),
    example="--profile reseller",
)
