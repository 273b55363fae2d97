"""What the state machine asks of a ledger: writes made up by a source of chance, mostly sensible
ones about what there is, and each kind of wrong one now and then."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar

from tests.books import SUB_PRODUCTS, Tree, origin
from tests.property.model import Model
from tests.property.model_values import Hold, Usage, Voucher

from counterfoil.domain.account import AccountKind, Caller
from counterfoil.domain.postings import Line
from counterfoil.domain.voucher import ProductScope, Terms, VoidKind
from counterfoil.ledger.charges import Capture, Charge, OpenHold, Purchase, Release
from counterfoil.ledger.command import Command
from counterfoil.ledger.corrections import Adjust, Refund
from counterfoil.ledger.ending import EndVoucher, Sweep
from counterfoil.ledger.issuing import AdjustQuota, IssueVoucher, VoucherFacts
from counterfoil.ledger.moving import Move

T = TypeVar("T")

NOBODY = 999
SHORT = [timedelta(microseconds=1), timedelta(seconds=1), timedelta(minutes=5)]
LONG = [timedelta(days=1), timedelta(days=40), timedelta(days=4_000)]
PAY_MODES = ("prepay", "postpay", "ripay")
SCENES = ("", "purchase", "spotpay", "hourlyFee")


@dataclass(frozen=True)
class Books:
    """What there is when something is asked: accounts, the model as it stands, the time."""

    tree: Tree
    model: Model
    now: datetime
    rng: Random

    def now_and_then(self, chance: float = 0.05) -> bool:
        return self.rng.random() < chance

    def customer(self) -> int:
        """Mostly one of two, so that writes meet; seldom somebody who is none."""
        if self.now_and_then(0.02):
            return self.tree.reseller.main_uin
        busy = [self.tree.customers[1], self.tree.customers[3]]
        return self.rng.choice(busy * 3 + list(self.tree.customers))

    def by(self, uin: int) -> Caller:
        """Who asks about an account: mostly the one directly above it."""
        above = self.model.parents.get(uin)
        tree = self.tree
        if above is None or self.now_and_then():
            customer = Caller(tree.customer, tree.customer, AccountKind.CUSTOMER)
            return self.rng.choice([tree.platform, *tree.partners, customer])
        return Caller(above, above, AccountKind(self.model.kinds[above]))

    def one_of(self, things: Iterable[T], owner: Callable[[T], int]) -> tuple[int, T | None]:
        """One of several things and its owner; sometimes an owner who has no such thing."""
        known = list(things)
        if not known:
            return self.tree.customer, None
        thing = self.rng.choice(known)
        return self.customer() if self.now_and_then(0.02) else owner(thing), thing

    def amount(self) -> int:
        most = self.rng.choice([3, 10, 40, 40, 70])
        return self.rng.randint(1, most) if not self.now_and_then(0.02) else 10**14


def quota(books: Books) -> Command:
    rng, tree = books.rng, books.tree
    uin = rng.choice([*(partner.main_uin for partner in tree.partners)] * 3 + [tree.customer])
    by = tree.platform if books.now_and_then(0.3) else books.by(uin)
    amount = rng.randint(1, rng.choice([20, 300])) * rng.choice([1, -1])
    return AdjustQuota(origin(by, None, uin, amount), uin, amount)


def issue(books: Books) -> Command:
    rng = books.rng
    begin = rng.choice([None, None, None, timedelta(0), timedelta(hours=-1), *SHORT[1:], LONG[0]])
    begin_at = None if begin is None else books.now + begin
    ends = rng.choice([*SHORT, *LONG, *LONG, *LONG])
    if books.now_and_then(0.03):
        ends = -ends
    facts = VoucherFacts(
        face_micro=books.amount(),
        begin_at=begin_at,
        end_at=(begin_at or books.now) + ends,
        terms=Terms() if books.now_and_then(0.5) else _terms(rng),
        usage_kind="product_trial" if books.now_and_then() else "customer_offer",
        priority=rng.choice([0, 0, 0, 1]),
    )
    uin = books.customer()
    by = books.tree.platform if books.now_and_then(0.1) else books.by(uin)
    return IssueVoucher(origin(by, None, facts), uin, facts)


def _terms(rng: Random) -> Terms:
    scope = rng.choice([ProductScope.ALL, *ProductScope])
    return Terms(
        pay_mode=rng.choice(["all", "all", "prepay", "postpay"]),
        pay_scenes=rng.choice([(), (), ("purchase",), ("purchase", "spotpay")]),
        product_scope=scope,
        product_codes=() if scope is ProductScope.ALL else ("p_cvm",),
        excluded_product_codes=rng.choice([(), (), ("p_cbs",)]),
        min_spend_micro=rng.choice([0, 0, 10, 40]),
    )


def _purchase(books: Books, owner: int) -> Purchase:
    rng, now = books.rng, books.now
    paid = rng.choice([*SHORT, LONG[1]])
    if books.now_and_then(0.1):
        paid = rng.choice([timedelta(days=46), timedelta(seconds=-1)])
    completed = rng.choice([*SHORT, timedelta(0), -SHORT[2]])
    own = [voucher.no for voucher in books.model.vouchers.values() if voucher.owner == owner]
    named = rng.choices(own, k=rng.randint(1, 3)) if own and books.now_and_then(0.2) else []
    if named and books.now_and_then():
        named.append(NOBODY)
    return Purchase(
        pay_mode=rng.choice(PAY_MODES),
        lines=tuple(_line(books) for _ in range(rng.choice([1, 1, 2, 3, 4]))),
        pay_scene=rng.choice(SCENES),
        deal_name=rng.choice(["", 'deal "quoted"', "订单"]),
        bill_id=rng.choice(["", "bill-1"]),
        paid_at=now - paid if books.now_and_then(0.2) else None,
        completed_at=now - completed if books.now_and_then(0.15) else None,
        voucher_nos=tuple(named),
    )


def _line(books: Books) -> Line:
    product = books.rng.choice(sorted(SUB_PRODUCTS))
    return Line(product, SUB_PRODUCTS[product], books.amount(), 1)


def charge(books: Books) -> Command:
    uin = books.customer()
    purchase = _purchase(books, uin)
    return Charge(origin(books.by(uin), None, purchase), uin, purchase)


def hold(books: Books) -> Command:
    uin = books.customer()
    purchase = _purchase(books, uin)
    lasts = timedelta(0) if books.now_and_then() else books.rng.choice([*SHORT, *LONG, *LONG])
    came_from = origin(books.by(uin), None, purchase, lasts)
    return OpenHold(came_from, uin, purchase, books.now + lasts)


def close_hold(books: Books) -> Command:
    """Captures, in full or in part, and releases."""
    rng = books.rng
    holds = books.model.holds.values()
    live = [one for one in holds if one.state == "open"]
    known: Sequence[Hold] = list(holds) if books.now_and_then(0.1) else live
    uin, found = books.one_of(known, lambda one: one.owner)
    hold_id = NOBODY if found is None else found.id
    by = books.by(uin)
    if books.now_and_then(0.35):
        return Release(origin(by, None, "release", hold_id), uin, hold_id)
    amount = books.amount() if books.now_and_then(0.5) else None
    completed = rng.choice([*SHORT, -SHORT[2]])
    completed_at = books.now - completed if books.now_and_then(0.15) else None
    came_from = origin(by, None, hold_id, amount, completed_at)
    return Capture(came_from, uin, hold_id, amount, completed_at)


def correct(books: Books) -> Command:
    """Refunds, and adjustments up and down."""
    rng = books.rng
    usages = books.model.usages.values()
    originals = [usage for usage in usages if usage.corrects is None]
    known: Sequence[Usage] = list(usages) if books.now_and_then(0.1) else originals
    uin, found = books.one_of(known, lambda usage: usage.voucher.owner)
    usage_id = NOBODY if found is None else found.id
    amount = rng.randint(1, 8) if books.now_and_then(0.7) else books.amount()
    by = books.by(uin)
    if books.now_and_then(0.5):
        asked = None if books.now_and_then(0.4) else amount
        return Refund(origin(by, None, "refund", usage_id, asked), uin, usage_id, asked)
    signed, bill = rng.choice([amount, -amount]), rng.choice(["", "corrected"])
    return Adjust(origin(by, None, usage_id, signed, bill), uin, usage_id, signed, bill)


def end(books: Books) -> Command:
    """Withdrawals and invalidations."""
    vouchers = books.model.vouchers.values()
    live = [v for v in vouchers if v.void is None and books.now < v.asked.end_at]
    known: Sequence[Voucher] = list(vouchers) if books.now_and_then(0.1) else live
    uin, found = books.one_of(known, lambda voucher: voucher.owner)
    no = NOBODY if found is None else found.no
    kind = books.rng.choice(list(VoidKind))
    by = books.tree.platform if kind is VoidKind.KILLED else books.by(uin)
    if books.now_and_then():
        by = books.by(uin)
    return EndVoucher(origin(by, None, no, kind), uin, no, kind)


def move(books: Books) -> Command:
    """A customer comes below another account, mostly by the platform's word."""
    uin, tree = books.customer(), books.tree
    places = [tree.platform, *tree.partners, *tree.partners]
    parent = books.rng.choice(places).main_uin if not books.now_and_then() else tree.customer
    keeps = books.now_and_then(0.5)
    by = tree.platform if books.now_and_then(0.6) else books.by(uin)
    return Move(origin(by, None, uin, parent, keeps), uin, parent, keeps)


def sweep(books: Books) -> Command:
    uin = books.customer()
    own = tuple(v.no for v in books.model.vouchers.values() if v.owner == uin)
    return Sweep(replace(origin(books.tree.platform), token=None), uin, own)


# How often each is asked.
WEIGHTS = {
    charge: 12, hold: 10, close_hold: 10, correct: 12, issue: 6, end: 4, quota: 4, sweep: 2,
    move: 1,
}  # fmt: skip


def ask(books: Books) -> Command:
    """Anything."""
    (made,) = books.rng.choices(list(WEIGHTS), list(WEIGHTS.values()))
    return made(books)
