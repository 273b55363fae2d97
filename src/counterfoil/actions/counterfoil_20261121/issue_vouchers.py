"""IssueVouchers: customers are given vouchers, out of the issuer's quota.

A partner issues to customers in its tree from its own pool; the platform issues to any, by its own
funds. What a voucher may pay for is fixed here for good, and so are the issuer's policies on what
returns. Each voucher is judged by itself; one sent again under its ClientToken is issued once.
"""

import msgspec

from counterfoil.actions import values
from counterfoil.actions.declaration import Action, Call, Int64, ItemError, RequiredText
from counterfoil.actions.errors import write_errors
from counterfoil.actions.items import origin, run_items
from counterfoil.domain.account import ABOVE_CUSTOMERS, AccountKind
from counterfoil.domain.errors import (
    BadAmount,
    BadChoice,
    BadInstant,
    BadText,
    NotFound,
    OutOfRange,
    QuotaInsufficient,
    RoleRefused,
    Untimely,
)
from counterfoil.domain.limits import PRIORITY_MAX
from counterfoil.domain.voucher import ProductScope, Terms
from counterfoil.ledger import results
from counterfoil.ledger.issuing import IssueVoucher, VoucherFacts


class NewVoucher(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True
):
    ClientToken: values.ClientToken
    """Names this write, 1 to 64 characters: sent again, it has the same answer and no second
    effect."""
    CustomerUin: Int64
    """Who gets the voucher."""
    Amount: RequiredText
    """Its face value, USD, up to 1,000,000."""
    EffectiveTime: str | None = None
    """Its first second (UTC+8), by default now."""
    ExpireTime: RequiredText
    """Its last second (UTC+8)."""
    PaymentMode: str | None = None
    """AllPayment (default), Prepaid or Postpaid."""
    PayScenes: list[str] | None = None
    """Scenes it may pay in, such as purchase; by default all."""
    ProductScope: str | None = None
    """AllProducts (default), SpecifyProducts or SpecifyProductsBlacklist."""
    ProductCodes: list[str] | None = None
    """The products that the scope allows or blocks."""
    ExcludedProductCodes: list[str] | None = None
    """Products it never pays for, whatever the scope."""
    MinSpend: str | None = None
    """It pays only where its lines of a charge come to at least this, USD."""
    Usage: str | None = None
    """CustomerOffer (default), or ProductTrial by the platform."""
    Priority: Int64 | None = None
    """0 (default) to 255; lower is used first, ahead of the end date."""
    Name: str | None = None
    """A name for people."""
    ApplyReason: str | None = None
    """Why it is issued."""
    ActivityId: str | None = None
    """The campaign it belongs to."""
    CodeId: str | None = None
    """The order it was bought with."""
    MainType: str | None = None
    """has_price or no_price (default)."""
    SubType: str | None = None
    """discount or deduct (default)."""
    PolicyRemark: str | None = None
    """What its terms mean, for people."""


class IssuedVoucher(msgspec.Struct, frozen=True):
    VoucherId: Int64
    """The voucher's number."""
    VoucherCode: str
    """The voucher's code."""


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    Vouchers: list[NewVoucher]
    """The vouchers to issue, 1 to 1,000."""


class Response(msgspec.Struct, frozen=True):
    Results: list[IssuedVoucher | ItemError]
    """One result for each voucher, in order."""


PLATFORM_USAGE = "ProductTrial"


async def run(call: Call, request: Request) -> Response:
    def command_of(asked: NewVoucher) -> IssueVoucher:
        if asked.Usage == PLATFORM_USAGE and call.caller.kind is not AccountKind.PLATFORM:
            raise RoleRefused
        facts = _facts(asked)
        came_from = origin(call, ACTION.name, asked.ClientToken, asked)
        return IssueVoucher(came_from, asked.CustomerUin, facts)

    return Response(await run_items(call, request.Vouchers, "Vouchers", command_of, _issued))


def _issued(issued: results.Issued) -> IssuedVoucher:
    return IssuedVoucher(issued.voucher_no, issued.code)


def _facts(asked: NewVoucher) -> VoucherFacts:
    """What is asked for. Values are judged in the order in which the wire's errors precede each
    other: amounts, texts, choices, times.

    Raises:
        Invalid: a value can't be meant.
    """
    face_micro = values.amount(asked.Amount, "Amount")
    min_spend_micro = values.amount(asked.MinSpend, "MinSpend") if asked.MinSpend else 0
    codes = _codes(asked.ProductCodes, "ProductCodes")
    excluded = _codes(asked.ExcludedProductCodes, "ExcludedProductCodes")
    return VoucherFacts(
        face_micro=face_micro,
        name=values.text(asked.Name, "Name"),
        apply_reason=values.text(asked.ApplyReason, "ApplyReason"),
        activity_id=values.text(asked.ActivityId, "ActivityId"),
        code_id=values.text(asked.CodeId, "CodeId"),
        policy_remark=values.text(asked.PolicyRemark, "PolicyRemark"),
        terms=_terms(asked, codes, excluded, min_spend_micro),
        usage_kind=values.choice(asked.Usage or "CustomerOffer", values.USAGES, "Usage"),
        priority=_priority(asked.Priority or 0),
        main_type=values.choice(asked.MainType or "no_price", values.MAIN_TYPES, "MainType"),
        sub_type=values.choice(asked.SubType or "deduct", values.SUB_TYPES, "SubType"),
        begin_at=values.at_or_none(asked.EffectiveTime, "EffectiveTime"),
        end_at=values.end_at(asked.ExpireTime, "ExpireTime"),
    )


def _terms(
    asked: NewVoucher, codes: tuple[str, ...], excluded: tuple[str, ...], min_spend_micro: int
) -> Terms:
    mode = values.choice(asked.PaymentMode or "AllPayment", values.PAYMENT_MODES, "PaymentMode")
    scenes = {
        values.choice(scene, values.PAY_SCENES, "PayScenes") for scene in asked.PayScenes or ()
    }
    scope = values.choice(
        asked.ProductScope or "AllProducts", values.PRODUCT_SCOPES, "ProductScope"
    )
    if (scope == "all") != (not codes):
        raise BadChoice("ProductCodes")
    return Terms(
        pay_mode=mode,
        pay_scenes=tuple(sorted(scenes)),
        product_scope=ProductScope(scope),
        product_codes=codes,
        excluded_product_codes=excluded,
        min_spend_micro=min_spend_micro,
    )


def _priority(priority: int) -> int:
    if not 0 <= priority <= PRIORITY_MAX:
        raise BadChoice("Priority")
    return priority


def _codes(codes: list[str] | None, parameter: str) -> tuple[str, ...]:
    return tuple(sorted({values.text(code, parameter) for code in codes or ()}))


ACTION = Action(
    service="counterfoil",
    version="2026-11-21",
    name="IssueVouchers",
    is_write=True,
    roles=ABOVE_CUSTOMERS,
    request=Request,
    response=Response,
    run=run,
    errors=write_errors(
        OutOfRange,
        BadAmount,
        BadInstant,
        BadText,
        BadChoice,
        RoleRefused,
        NotFound,
        Untimely,
        QuotaInsufficient,
    ),
    example="--profile reseller Vouchers.0.ClientToken=readme-issue-1 "
    "Vouchers.0.CustomerUin=800000495142 Vouchers.0.Amount=100 "
    "'Vouchers.0.ExpireTime=2030-12-31 23:59:59'",
)
