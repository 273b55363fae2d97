"""Taking back, or adding to, what a voucher paid: always a new row that names the one it corrects.

No correction is ever corrected, and a row with all its corrections never falls below zero.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from counterfoil.domain.burndown import split
from counterfoil.domain.errors import NotFound, NotOpen, ValueInsufficient
from counterfoil.domain.money import require_positive
from counterfoil.domain.postings import Bill, Cause, PaidLine, PastUsage
from counterfoil.domain.voucher import Bucket, Voucher
from counterfoil.ledger import results
from counterfoil.ledger.authority import require_above
from counterfoil.ledger.command import Needs, Origin
from counterfoil.ledger.desk import Desk


@dataclass(frozen=True, slots=True)
class Refund:
    """What a voucher paid is given back to it, as far as its terms let anything return; the cash
    side is not ours. By default all that is left of the row."""

    origin: Origin
    owner_uin: int
    usage_id: int
    amount_micro: int | None = None
    reason: str = ""

    def needs(self) -> Needs:
        return Needs(usages=(self.usage_id,))

    def decide(self, desk: Desk) -> results.Corrected:
        require_above(desk, self.origin.caller, self.owner_uin)
        usage, voucher = _corrected(desk, self.owner_uin, self.usage_id)
        if self.amount_micro is not None:
            require_positive(self.amount_micro, "Amount")
        amount_micro = usage.net_micro if self.amount_micro is None else self.amount_micro
        if amount_micro > usage.net_micro or amount_micro == 0:
            raise ValueInsufficient
        if not voucher.terms.returns_on_refund:
            return results.Corrected(None, 0)
        return _give_back(desk, voucher, usage, amount_micro, "refund", self.reason)


@dataclass(frozen=True, slots=True)
class Adjust:
    """A bill was corrected: more (positive) or less (negative) was used than the row says."""

    origin: Origin
    owner_uin: int
    usage_id: int
    amount_micro: int
    bill_id: str = ""
    reason: str = ""

    def needs(self) -> Needs:
        return Needs(usages=(self.usage_id,))

    def decide(self, desk: Desk) -> results.Corrected:
        require_positive(abs(self.amount_micro), "Amount")
        require_above(desk, self.origin.caller, self.owner_uin)
        usage, voucher = _corrected(desk, self.owner_uin, self.usage_id)
        if self.amount_micro < 0:
            if -self.amount_micro > usage.net_micro:
                raise ValueInsufficient
            return _give_back(
                desk, voucher, usage, -self.amount_micro, "adjustment", self.reason, self.bill_id
            )
        if not voucher.is_live(desk.now):
            raise NotOpen
        if self.amount_micro > voucher.available_micro:
            raise ValueInsufficient
        cause = Cause("adjustment", corrects_usage_id=self.usage_id, reason=self.reason)
        bill = _bill(usage, desk.posting_at(voucher), self.bill_id)
        lines = _scaled(usage.posting.lines, self.amount_micro)
        posting = desk.spend(voucher, bill, lines, Bucket.AVAILABLE, cause)
        usage.corrected_micro += posting.signed_micro
        return results.Corrected(posting.usage_id, posting.signed_micro)


def _corrected(desk: Desk, owner_uin: int, usage_id: int) -> tuple[PastUsage, Voucher]:
    """The row to correct and its voucher.

    Raises:
        NotFound: the owner has no such row.
        NotOpen: the row is itself a correction.
    """
    usage = desk.past_usages.get((owner_uin, usage_id))
    if usage is None:
        raise NotFound
    if usage.posting.cause.corrects_usage_id is not None:
        raise NotOpen
    return usage, desk.voucher(owner_uin, usage.posting.voucher_no)


def _give_back(
    desk: Desk,
    voucher: Voucher,
    usage: PastUsage,
    amount_micro: int,
    kind: str,
    reason: str,
    bill_id: str = "",
) -> results.Corrected:
    cause = Cause(kind, corrects_usage_id=usage.posting.usage_id, reason=reason)
    lines = _scaled(usage.posting.lines, amount_micro)
    bill = _bill(usage, desk.posting_at(voucher), bill_id)
    posting = desk.unspend(voucher, bill, lines, cause)
    usage.corrected_micro += posting.signed_micro
    return results.Corrected(posting.usage_id, posting.signed_micro)


def _bill(usage: PastUsage, posted_at: datetime, bill_id: str) -> Bill:
    """The corrected row's bill, dated at the posting: a correction belongs to the month in which
    it is made."""
    bill = usage.posting.bill
    return bill._replace(paid_at=posted_at, completed_at=posted_at, bill_id=bill_id or bill.bill_id)


def _scaled(lines: tuple[PaidLine, ...], amount_micro: int) -> tuple[PaidLine, ...]:
    """The same lines, sharing another amount in the same proportions."""
    amounts = split(amount_micro, [line.amount_micro for line in lines])
    return tuple(
        replace(line, amount_micro=amount)
        for line, amount in zip(lines, amounts, strict=True)
        if amount
    )
