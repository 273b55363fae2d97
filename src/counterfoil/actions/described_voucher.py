"""Everything there is to say of a voucher, as the wire shows it."""

import msgspec

from counterfoil.actions import values
from counterfoil.actions.balances import VoucherBalance, voucher_balance
from counterfoil.actions.declaration import Int64
from counterfoil.domain.balance import balance_of
from counterfoil.domain.instants import shown
from counterfoil.ledger.vouchers import ListedVoucher


class DescribedVoucher(msgspec.Struct, frozen=True):
    """One voucher."""

    VoucherId: Int64
    """Its number."""
    VoucherCode: str
    """Its code."""
    State: str
    """usable, issued (before its time), used, expired, withdrawn (by its issuer) or killed (by the
    platform)."""
    FaceAmount: str
    """Its face value, USD."""
    Balance: VoucherBalance
    """Where its value stands."""
    RecordCount: Int64
    """How many usage records it has."""
    EffectiveTime: str
    """Its first second (UTC+8)."""
    ExpireTime: str
    """Its last second (UTC+8)."""
    IssuedTime: str
    """When it was issued (UTC+8)."""
    IssuerUin: Int64
    """Who issued it."""
    FunderUin: Int64 | None
    """The partner whose quota it came from; null where the platform has paid."""
    PaymentMode: str
    """AllPayment, Prepaid or Postpaid."""
    PayScenes: list[str]
    """Scenes it may pay in; empty for all."""
    ProductScope: str
    """AllProducts, SpecifyProducts or SpecifyProductsBlacklist."""
    ProductCodes: list[str]
    """The products that the scope allows or blocks."""
    ExcludedProductCodes: list[str]
    """Products it never pays for."""
    MinSpend: str
    """What its lines of a charge have to come to, USD."""
    Priority: Int64
    """Lower is used first."""
    ReturnOnRefund: bool
    """Whether a refund gives value back to it."""
    ReturnOnExpiry: bool
    """Whether the quota of what is left returns when it expires."""
    ReturnOnWithdrawal: bool
    """Whether the quota of what is left returns when it is ended early."""
    Usage: str
    """CustomerOffer or ProductTrial."""
    Name: str
    """A name for people."""
    ApplyReason: str
    """Why it was issued."""
    ActivityId: str
    """The campaign it belongs to."""
    CodeId: str
    """The order it was bought with."""
    MainType: str
    """has_price or no_price."""
    SubType: str
    """discount or deduct."""
    PolicyRemark: str
    """What its terms mean, for people."""
    VoidedTime: str | None
    """When it was ended early (UTC+8); null where it was not."""
    VoidReason: str
    """Why it was ended early."""


def described(listed: ListedVoucher) -> DescribedVoucher:
    """A listed voucher as the wire shows it."""
    voucher, facts, terms = listed.voucher, listed.facts, listed.voucher.terms
    return DescribedVoucher(
        VoucherId=voucher.voucher_no,
        VoucherCode=facts.code,
        State=listed.state.value,
        FaceAmount=values.usd(voucher.face_micro),
        Balance=voucher_balance(balance_of(voucher)),
        RecordCount=voucher.record_count,
        EffectiveTime=shown(voucher.begin_at),
        ExpireTime=values.last_second(voucher.end_at),
        IssuedTime=shown(facts.issued_at),
        IssuerUin=voucher.issuer_uin,
        FunderUin=voucher.funder_uin,
        PaymentMode=values.word(terms.pay_mode, values.PAYMENT_MODES),
        PayScenes=list(terms.pay_scenes),
        ProductScope=values.word(terms.product_scope.value, values.PRODUCT_SCOPES),
        ProductCodes=list(terms.product_codes),
        ExcludedProductCodes=list(terms.excluded_product_codes),
        MinSpend=values.usd(terms.min_spend_micro),
        Priority=voucher.priority,
        ReturnOnRefund=terms.returns_on_refund,
        ReturnOnExpiry=terms.returns_on_expiry,
        ReturnOnWithdrawal=terms.returns_on_withdrawal,
        Usage=values.word(facts.usage_kind, values.USAGES),
        Name=facts.name,
        ApplyReason=facts.apply_reason,
        ActivityId=facts.activity_id,
        CodeId=facts.code_id,
        MainType=facts.main_type,
        SubType=facts.sub_type,
        PolicyRemark=facts.policy_remark,
        VoidedTime=None if voucher.voided_at is None else shown(voucher.voided_at),
        VoidReason=voucher.void_reason,
    )
