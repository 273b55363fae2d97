"""A partner's voucher quota: what was given to it, and where all of it stands.

total = available + issued − returned + allocated. `issued` and `returned` only grow: quota that
comes back from a voucher is posted from the contra account `returned`, so both sides of the story
stay readable.
"""

from dataclasses import dataclass
from datetime import datetime

from counterfoil.domain.errors import QuotaInsufficient

# What the store can hold; `issued` and `returned` grow for as long as the pool is used.
BALANCE_MAX_MICRO = 2**63 - 1


@dataclass(slots=True)
class Pool:
    """One pool in a working set. `post` is the only way its balances change."""

    partner_uin: int
    version: int
    last_posted_at: datetime
    total_micro: int
    available_micro: int
    issued_micro: int
    returned_micro: int
    allocated_micro: int
    issued_count: int
    movement_count: int

    def require(self, amount_micro: int) -> None:
        """Checks that so much is available.

        Raises:
            QuotaInsufficient: it is not.
        """
        if amount_micro > self.available_micro:
            raise QuotaInsufficient

    def post(self, source: str, target: str, amount_micro: int) -> int:
        """Moves quota between `quota` (what is outside), `available`, `issued`, `returned` and
        `allocated`; the movement's number in this pool."""
        assert amount_micro > 0 and source != target
        if source == "quota":
            self.total_micro += amount_micro
        elif source == "returned":
            self.returned_micro += amount_micro
        else:
            setattr(self, f"{source}_micro", getattr(self, f"{source}_micro") - amount_micro)
        if target == "quota":
            self.total_micro -= amount_micro
        else:
            setattr(self, f"{target}_micro", getattr(self, f"{target}_micro") + amount_micro)
        self.movement_count += 1
        assert min(self.total_micro, self.available_micro, self.allocated_micro) >= 0
        assert max(self.total_micro, self.issued_micro) <= BALANCE_MAX_MICRO
        assert self.total_micro == (
            self.available_micro + self.issued_micro - self.returned_micro + self.allocated_micro
        )
        return self.movement_count
