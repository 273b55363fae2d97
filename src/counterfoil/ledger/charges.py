"""Paying with vouchers: at once (charge), or in two phases (hold, then capture or release)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from counterfoil.domain.burndown import (
    Due,
    Policy,
    Reason,
    Share,
    Verdict,
    burn_down,
    is_settled,
    split,
)
from counterfoil.domain.errors import NotFound, NotOpen, Untimely, ValueInsufficient
from counterfoil.domain.hold import HeldPart, Hold, HoldState
from counterfoil.domain.money import require_positive
from counterfoil.domain.postings import Bill, Cause, Line
from counterfoil.domain.voucher import Bucket, Voucher
from counterfoil.ledger import results
from counterfoil.ledger.authority import require_above
from counterfoil.ledger.command import Needs, Origin
from counterfoil.ledger.desk import Desk, TooFewRead
from counterfoil.store.reader import Product

BACKDATING_MAX = timedelta(days=45)

_REDEEM = Cause("redeem")


@dataclass(frozen=True, slots=True)
class Purchase:
    """What is to be paid, as asked. `paid_at` and `completed_at` are labels: by default the second
    of the write. With `voucher_nos` only those vouchers pay, in that order."""

    pay_mode: str
    lines: tuple[Line, ...]
    pay_scene: str = ""
    deal_name: str = ""
    bill_id: str = ""
    paid_at: datetime | None = None
    completed_at: datetime | None = None
    voucher_nos: tuple[int, ...] = ()

    def bill(self, now: datetime) -> Bill:
        """The bill, its labels settled.

        Raises:
            Untimely: paid in the future, too long ago, or completed before it was paid.
        """
        # A whole second, like those that callers write: what was completed within it is not early.
        paid_at = self.paid_at or now.replace(microsecond=0)
        if paid_at > now or paid_at < now - BACKDATING_MAX:
            raise Untimely("PayTime")
        completed_at = self.completed_at or paid_at
        if completed_at < paid_at:
            raise Untimely("CompletionTime")
        return Bill(
            self.pay_mode,
            self.pay_scene,
            self.deal_name,
            self.bill_id,
            paid_at,
            completed_at,
            self.lines,
        )

    def due(self) -> Due:
        """What burn-down looks at."""
        return Due(
            self.pay_mode,
            self.pay_scene,
            tuple(line.product_code for line in self.lines),
            tuple(line.amount_micro for line in self.lines),
        )

    @property
    def amount_micro(self) -> int:
        """The sum of the lines."""
        return sum(line.amount_micro for line in self.lines)

    @property
    def products(self) -> list[Product]:
        """What the lines are for."""
        return [(line.product_code, line.sub_product_code) for line in self.lines]

    def needs(self) -> Needs:
        """The vouchers that may pay, and whether there are such products."""
        return Needs(
            candidates=not self.voucher_nos, vouchers=self.voucher_nos, products=self.products
        )


def judge(
    desk: Desk, owner_uin: int, purchase: Purchase, *, stops_when_paid: bool = True
) -> list[Verdict]:
    """What the owner's vouchers would pay of a purchase now.

    Raises:
        NotFound: a voucher is named that the owner does not have, or a line is for a product that
            the catalogue does not have.
        BadAmount: a line is for nothing, or for less.
        TooFewRead: vouchers that were not read might pay.
    """
    for line in purchase.lines:
        require_positive(line.amount_micro, "Lines")
    desk.require_products(purchase.products)
    named = tuple(dict.fromkeys(purchase.voucher_nos))
    if named:
        vouchers = [desk.voucher(owner_uin, number) for number in named]
    else:
        vouchers = desk.vouchers_of(owner_uin)
    if stops_when_paid:  # who wants no reasons need not hear of those that are used up
        vouchers = [voucher for voucher in vouchers if voucher.available_micro]
    policy: Policy = desk.root_partner(owner_uin).burn_policy
    due = purchase.due()
    verdicts = burn_down(
        vouchers,
        due,
        policy=policy,
        now=desk.now,
        named=named,
        stops_when_paid=stops_when_paid,
    )
    read_to = None if named else desk.read_to[owner_uin]
    if read_to is not None and not is_settled(verdicts, due, policy, read_to):
        raise TooFewRead
    return verdicts


@dataclass(frozen=True, slots=True)
class Charge:
    """A bill or order is paid from the vouchers that may pay it; what they can't stays unpaid."""

    origin: Origin
    owner_uin: int
    purchase: Purchase

    def needs(self) -> Needs:
        return self.purchase.needs()

    def decide(self, desk: Desk) -> results.Charged:
        require_above(desk, self.origin.caller, self.owner_uin)
        verdicts = judge(desk, self.owner_uin, self.purchase)
        bill = self.purchase.bill(desk.now)
        allocations = tuple(
            _allocate(desk, verdict.voucher, bill, verdict.shares, Bucket.AVAILABLE, _REDEEM)
            for verdict in verdicts
            if verdict.reason is Reason.USED
        )
        return _charged(self.purchase.amount_micro, allocations)


@dataclass(frozen=True, slots=True)
class OpenHold:
    """Sets value aside for an order until it is captured, released or its deadline comes."""

    origin: Origin
    owner_uin: int
    purchase: Purchase
    expires_at: datetime

    def needs(self) -> Needs:
        return self.purchase.needs()

    def decide(self, desk: Desk) -> results.Held:
        require_above(desk, self.origin.caller, self.owner_uin)
        verdicts = judge(desk, self.owner_uin, self.purchase)
        bill = self.purchase.bill(desk.now)
        if self.expires_at <= desk.now:
            raise Untimely("ExpireTime")
        hold = Hold(
            owner_uin=self.owner_uin,
            hold_id=desk.ids.take("hold"),
            version=1,
            state=HoldState.OPEN,
            operation_id=desk.operation_id,
            bill=bill,
            created_at=desk.now,
            expires_at=self.expires_at,
            closed_at=None,
            actor_uin=desk.actor_uin,
        )
        desk.open_hold(hold)
        for verdict in verdicts:
            if verdict.reason is Reason.USED:
                desk.set_aside(verdict.voucher, hold, verdict.shares)
        return results.Held(
            hold.hold_id,
            hold.amount_micro,
            self.purchase.amount_micro - hold.amount_micro,
            tuple(
                results.HeldPart(part.voucher_no, part.amount_micro, part.shares)
                for part in hold.parts
            ),
        )


@dataclass(frozen=True, slots=True)
class Capture:
    """Spends what a hold set aside, all or the first of it in burn order; the rest is let go."""

    origin: Origin
    owner_uin: int
    hold_id: int
    amount_micro: int | None = None
    completed_at: datetime | None = None

    def needs(self) -> Needs:
        return Needs(holds=(self.hold_id,))

    def decide(self, desk: Desk) -> results.Charged:
        require_above(desk, self.origin.caller, self.owner_uin)
        hold = open_hold(desk, self.owner_uin, self.hold_id)
        if self.amount_micro is not None:
            require_positive(self.amount_micro, "Amount")
        completed_at = self.completed_at or desk.now
        if completed_at < hold.bill.paid_at:
            raise Untimely("CompletionTime")
        amount_micro = hold.amount_micro if self.amount_micro is None else self.amount_micro
        if amount_micro > hold.amount_micro:
            raise ValueInsufficient
        bill = hold.bill._replace(paid_at=min(desk.now, completed_at), completed_at=completed_at)
        cause = Cause("capture", hold_id=hold.hold_id)
        kept: dict[int, int] = {}
        allocations = []
        for part, shares in _first_parts(hold, amount_micro):
            voucher = desk.voucher(hold.owner_uin, part.voucher_no)
            allocations.append(_allocate(desk, voucher, bill, shares, Bucket.HELD, cause))
            kept[part.voucher_no] = allocations[-1].amount_micro
        desk.let_go(hold, HoldState.CAPTURED, kept)
        return _charged(sum(line.amount_micro for line in bill.lines), tuple(allocations))


@dataclass(frozen=True, slots=True)
class Release:
    """Lets go of all that a hold set aside."""

    origin: Origin
    owner_uin: int
    hold_id: int

    def needs(self) -> Needs:
        return Needs(holds=(self.hold_id,))

    def decide(self, desk: Desk) -> results.Moved:
        require_above(desk, self.origin.caller, self.owner_uin)
        hold = open_hold(desk, self.owner_uin, self.hold_id)
        return results.Moved(desk.let_go(hold, HoldState.RELEASED, {}))


def open_hold(desk: Desk, owner_uin: int, hold_id: int) -> Hold:
    """A hold that can still be captured or released.

    Raises:
        NotFound: the owner has no such hold.
        NotOpen: it was captured or released, or its deadline has come.
    """
    hold = desk.holds.get((owner_uin, hold_id))
    if hold is None:
        raise NotFound
    if hold.state is not HoldState.OPEN or hold.is_due(desk.now):
        raise NotOpen
    return hold


def _first_parts(hold: Hold, amount_micro: int) -> list[tuple[HeldPart, tuple[Share, ...]]]:
    """The parts of a hold, in burn order, that make up an amount; the last one cut pro rata."""
    parts = []
    for part in sorted(hold.parts, key=lambda part: part.burn_order):
        taken_micro = min(amount_micro, part.amount_micro)
        if taken_micro == 0:
            break
        amount_micro -= taken_micro
        amounts = split(taken_micro, [share.amount_micro for share in part.shares])
        shares = tuple(
            Share(share.line_no, amount)
            for share, amount in zip(part.shares, amounts, strict=True)
            if amount
        )
        parts.append((part, shares))
    return parts


def _allocate(
    desk: Desk,
    voucher: Voucher,
    bill: Bill,
    shares: tuple[Share, ...],
    source: Bucket,
    cause: Cause,
) -> results.Allocation:
    usage = desk.spend(voucher, bill, bill.paid(shares), source, cause)
    return results.Allocation(
        voucher.voucher_no, usage.usage_id, usage.ordinal, usage.amount_micro, shares
    )


def _charged(amount_micro: int, allocations: tuple[results.Allocation, ...]) -> results.Charged:
    paid_micro = sum(allocation.amount_micro for allocation in allocations)
    return results.Charged(paid_micro, amount_micro - paid_micro, allocations)
