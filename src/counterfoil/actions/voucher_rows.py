"""Vouchers in the lists of the partner API: what a row shows, and how rows are asked for."""

import msgspec

from counterfoil.actions.declaration import Int64
from counterfoil.actions.values import PRODUCT_SCOPES, USAGES
from counterfoil.actions.voucher_words import PARTNER_MODES, PARTNER_STATES, chosen, in_any_case
from counterfoil.store.voucher_lists import CustomerFilter


class OwnVoucher(msgspec.Struct, frozen=True):
    """A voucher as its owner sees it."""

    VoucherId: Int64
    """The voucher's number."""
    CustomerUin: Int64
    """Who owns it."""
    VoucherStatus: str
    """Issued, Used, Expired, Canceled (by its issuer) or Invalidated (by the platform)."""
    RemainingAmount: float
    """The face value less what was spent, USD."""
    TotalAmount: float
    """The face value, USD."""
    PaymentMode: str
    """AllPayment, Prepaid or Postpaid."""
    ProductScope: str
    """AllProducts, SpecifyProducts or SpecifyProductsBlacklist."""
    EffectiveTime: str
    """Its first second (UTC+8)."""
    ExpireTime: str
    """Its last second (UTC+8)."""


class CustomerVoucher(OwnVoucher, frozen=True):
    """A voucher as those who issued it see it."""

    Usage: str
    """CustomerOffer or ProductTrial."""
    ApplyReason: str
    """Why it was issued."""


def wanted(
    status: str | None,
    payment_mode: str | None,
    usage: str | None,
    product_scope: str | None,
    voucher_no: int | None,
    customer_uin: int | None = None,
) -> CustomerFilter:
    """The filter that a request's words stand for; absent or empty: any.

    Raises:
        BadChoice: a word is not one of those that the parameter takes.
    """
    return CustomerFilter(
        customer_uin=customer_uin,
        voucher_no=voucher_no,
        states=chosen(status, PARTNER_STATES, "VoucherStatus"),
        pay_modes=in_any_case(payment_mode, PARTNER_MODES, "PaymentMode"),
        usage_kind=chosen(usage, USAGES, "Usage"),
        product_scope=chosen(product_scope, PRODUCT_SCOPES, "ProductScope"),
    )
