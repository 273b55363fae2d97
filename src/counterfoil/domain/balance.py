"""Balances as they follow from postings, bucket by bucket: of a voucher or of a partner's quota.

`Voucher` and `Pool` guard what they are; a balance only adds up what happened.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from counterfoil.domain.voucher import Voucher

VOUCHER_BUCKETS = ("available", "held", "spent", "expired", "voided")
QUOTA_BUCKETS = ("total", "available", "issued", "returned", "allocated")

# What leaves these makes a bucket grow: quota from outside is the total, and quota that came back
# is counted apart from what was issued.
_CONTRA = {"quota": "total", "returned": "returned"}


@dataclass(frozen=True, slots=True)
class Balance:
    """Micro by bucket; what is not named is 0."""

    micro: Mapping[str, int] = field(default_factory=dict)

    def __getitem__(self, bucket: str) -> int:
        return self.micro.get(bucket, 0)

    def moved(self, source: str, target: str, amount_micro: int) -> "Balance":
        """The balance after one movement from bucket to bucket."""
        changes = {
            _CONTRA.get(source, source): amount_micro if source in _CONTRA else -amount_micro,
            _CONTRA.get(target, target): -amount_micro if target in _CONTRA else amount_micro,
        }
        return Balance(
            {**self.micro, **{bucket: self[bucket] + change for bucket, change in changes.items()}}
        )


def balance_of(voucher: Voucher) -> Balance:
    """A voucher's buckets as they are."""
    return Balance({bucket: getattr(voucher, f"{bucket}_micro") for bucket in VOUCHER_BUCKETS})
