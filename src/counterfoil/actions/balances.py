"""Where the value of a voucher or the quota of a partner stands, as the wire shows it."""

import msgspec

from counterfoil.actions.values import usd
from counterfoil.domain.balance import QUOTA_BUCKETS, VOUCHER_BUCKETS, Balance


class VoucherBalance(msgspec.Struct, frozen=True):
    """A voucher's buckets; once it is issued they sum to its face value."""

    AvailableAmount: str
    """What it can still pay, USD."""
    HeldAmount: str
    """What open holds have set aside, USD."""
    SpentAmount: str
    """What it has paid, less what came back, USD."""
    ExpiredAmount: str
    """What was left of it at its end, USD."""
    VoidedAmount: str
    """What was left of it when it was ended early, USD."""


class QuotaBalance(msgspec.Struct, frozen=True):
    """A partner's voucher quota: the total is what remains, what was issued less what returned, and
    what was allocated."""

    TotalQuota: str
    """What the partner was given, less what was taken back, USD."""
    RemainingQuota: str
    """What it can still issue or allocate, USD."""
    IssuedQuota: str
    """What it has issued vouchers for, USD."""
    ReturnedQuota: str
    """What of that came back, USD."""
    AllocatedQuota: str
    """What it has allocated to its second-level resellers, USD."""


def voucher_balance(balance: Balance) -> VoucherBalance:
    """A voucher's buckets."""
    return VoucherBalance(*(usd(balance[bucket]) for bucket in VOUCHER_BUCKETS))


def quota_balance(balance: Balance) -> QuotaBalance:
    """A partner's quota."""
    return QuotaBalance(*(usd(balance[bucket]) for bucket in QUOTA_BUCKETS))
