"""A hold: value set aside on vouchers at order time, to be captured, released or to lapse."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from counterfoil.domain.burndown import Share
from counterfoil.domain.postings import Bill


class HoldState(StrEnum):
    """An open hold is closed once, in one of three ways."""

    OPEN = "open"
    CAPTURED = "captured"
    RELEASED = "released"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class HeldPart:
    """What a hold set aside on one voucher, and of which lines."""

    voucher_no: int
    burn_order: int
    shares: tuple[Share, ...]

    @property
    def amount_micro(self) -> int:
        """The sum of the shares."""
        return sum(share.amount_micro for share in self.shares)


@dataclass(slots=True)
class Hold:
    """One hold in a working set."""

    owner_uin: int
    hold_id: int
    version: int
    state: HoldState
    operation_id: int
    bill: Bill
    created_at: datetime
    expires_at: datetime
    closed_at: datetime | None
    actor_uin: int
    parts: list[HeldPart] = field(default_factory=list)

    @property
    def amount_micro(self) -> int:
        """What was set aside in all."""
        return sum(part.amount_micro for part in self.parts)

    def is_due(self, now: datetime) -> bool:
        """Whether it is open past its deadline: it lapses with the next write to its vouchers."""
        return self.state is HoldState.OPEN and now >= self.expires_at
