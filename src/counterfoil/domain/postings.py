"""What the journal holds: immutable rows, each naming the bucket it leaves, the bucket it enters
and one amount. Balances are their projection."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from counterfoil.domain.burndown import Share
from counterfoil.domain.voucher import Bucket


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a bill or order, as charged. `owner_uin` owns the resource."""

    product_code: str
    sub_product_code: str
    amount_micro: int
    owner_uin: int
    billing_item_code: str = ""
    sub_billing_item_code: str = ""
    calc_unit: str = ""
    action: str = ""

    def paid(self, share: Share) -> "PaidLine":
        """This line with a share of it that was paid."""
        return PaidLine(
            share.line_no,
            share.amount_micro,
            self.product_code,
            self.sub_product_code,
            self.billing_item_code,
            self.sub_billing_item_code,
            self.calc_unit,
            self.action,
            self.owner_uin,
        )


@dataclass(frozen=True, slots=True)
class PaidLine:
    """What a voucher paid of one line, with the facts of the line that usage shows."""

    line_no: int
    amount_micro: int
    product_code: str
    sub_product_code: str
    billing_item_code: str
    sub_billing_item_code: str
    calc_unit: str
    action: str
    owner_uin: int


class Bill(NamedTuple):
    """What is paid: a bill or an order with its lines. `paid_at` is a label, never judged."""

    pay_mode: str
    pay_scene: str
    deal_name: str
    bill_id: str
    paid_at: datetime
    completed_at: datetime
    lines: tuple[Line, ...] = ()

    def paid(self, shares: Sequence[Share]) -> tuple[PaidLine, ...]:
        """The lines that shares pay, each with its share."""
        return tuple([self.lines[share.line_no - 1].paid(share) for share in shares])


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a row was posted: what kind of row it is, and what it belongs to."""

    kind: str
    hold_id: int | None = None
    corrects_usage_id: int | None = None
    reason: str = ""


class UsagePosting(NamedTuple):
    """A row of `usage`: value into or out of `spent`. Its place in its month is given when it is
    written."""

    owner_uin: int
    voucher_no: int
    ordinal: int
    posting_no: int
    usage_id: int
    operation_id: int
    cause: Cause
    source: Bucket
    target: Bucket
    amount_micro: int
    bill: Bill
    lines: tuple[PaidLine, ...]
    posted_at: datetime
    actor_uin: int

    @property
    def main_line(self) -> PaidLine:
        """The line with the largest share, the first among equals."""
        return max(self.lines, key=lambda line: (line.amount_micro, -line.line_no))

    @property
    def signed_micro(self) -> int:
        """What it adds to `spent`."""
        return self.amount_micro if self.target is Bucket.SPENT else -self.amount_micro


@dataclass(slots=True)
class PastUsage:
    """A usage row that a correction names, and what corrections have taken from it so far."""

    posting: UsagePosting
    corrected_micro: int

    @property
    def net_micro(self) -> int:
        """What is left of it: its amount and all its corrections."""
        return self.posting.signed_micro + self.corrected_micro


class Movement(NamedTuple):
    """A row of `movement`: value between buckets other than `spent`."""

    owner_uin: int
    voucher_no: int
    posting_no: int
    movement_id: int
    operation_id: int
    cause: Cause
    source: Bucket
    target: Bucket
    amount_micro: int
    posted_at: datetime
    actor_uin: int


@dataclass(frozen=True, slots=True)
class QuotaCause:
    """What a movement of quota is about: the partner on the other side, the voucher (owner, number)
    and the movement or usage row of it that sent the quota back."""

    counterpart_uin: int | None = None
    voucher: tuple[int, int] | None = None
    cause_movement_id: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PoolMovement:
    """A row of `pool_movement`: a change of a partner's quota."""

    partner_uin: int
    ordinal: int
    movement_id: int
    operation_id: int
    kind: str
    source: str
    target: str
    amount_micro: int
    posted_at: datetime
    actor_uin: int
    about: QuotaCause
