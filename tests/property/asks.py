"""What the state machine may ask of a ledger. An ask is drawn without knowing the books: it picks
by index among what there is when its turn comes, so a failing run can be made smaller."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from hypothesis import strategies as st
from tests.property.model import Model
from tests.worlds import SUB_PRODUCTS, Tree, origin

from counterfoil.domain.account import AccountKind, Caller
from counterfoil.domain.postings import Line
from counterfoil.domain.voucher import ProductScope, Terms, VoidKind
from counterfoil.ledger.charges import Capture, Charge, OpenHold, Purchase, Release
from counterfoil.ledger.command import Command
from counterfoil.ledger.corrections import Adjust, Refund
from counterfoil.ledger.ending import EndVoucher, Sweep
from counterfoil.ledger.issuing import AdjustQuota, IssueVoucher, VoucherFacts

T = TypeVar("T")

NOBODY = 999


@dataclass(frozen=True)
class Books:
    """What an ask finds: the accounts, the model as it stands, and the time."""

    tree: Tree
    model: Model
    now: datetime

    def customer(self, n: int) -> int:
        """A customer, now and then somebody who is none."""
        favourites = [self.tree.customers[3], self.tree.customers[1]] * 5
        return pick([*favourites, *self.tree.customers, self.tree.reseller.main_uin], n)

    def partner(self, n: int) -> int:
        uins = [partner.main_uin for partner in self.tree.partners]
        return pick([*uins, *uins, *uins, self.tree.customer], n)

    def by(self, n: int, uin: int) -> Caller:
        """Who asks: mostly the account directly above."""
        above = self.model.parents.get(uin, NOBODY)
        kind = AccountKind(self.model.kinds.get(above, "platform"))
        tree = self.tree
        everyone = [tree.platform, *tree.partners, Caller(tree.customer, 1, AccountKind.CUSTOMER)]
        return pick([Caller(above, above, kind)] * 30 + everyone, n)

    def owned(self, things: dict[int, T], owner: Callable[[T], int], n: int) -> tuple[int, int]:
        """(owner, number) of something there is, the last ones first; or of nothing."""
        if not things:
            return self.tree.customer, NOBODY
        number = pick([*reversed(things)], n)
        return owner(things[number]), number


def pick(choices: Sequence[T], n: int) -> T:
    return choices[n % len(choices)]


Ask = Callable[[Books], Command]

index = st.integers(0, 60)
amounts = st.integers(1, 40) | st.integers(1, 40) | st.sampled_from([100, 10**8, 10**14])
SHORT = [timedelta(microseconds=1), timedelta(seconds=1), timedelta(minutes=5)]
LONG = [timedelta(days=1), timedelta(days=40), timedelta(days=400)]
AMISS = [timedelta(days=46), timedelta(seconds=-1)]


@st.composite
def quotas(draw: st.DrawFn) -> Ask:
    partner, by = draw(index), draw(index)
    amount = draw(st.integers(1, 200)) * draw(st.sampled_from([1, 1, 1, -1]))

    def ask(books: Books) -> Command:
        uin = books.partner(partner)
        return AdjustQuota(origin(books.by(by, uin), None, uin, amount), uin, amount)

    return ask


codes = st.lists(st.sampled_from(sorted(SUB_PRODUCTS)), max_size=2, unique=True)


@st.composite
def terms(draw: st.DrawFn) -> Terms:
    scope = draw(st.sampled_from([ProductScope.ALL, *ProductScope]))
    listed = () if scope is ProductScope.ALL else ("p_cvm",)
    return Terms(
        pay_mode=draw(st.sampled_from(["all", "all", "prepay", "postpay"])),
        pay_scenes=draw(st.sampled_from([(), (), ("purchase",), ("purchase", "spotpay")])),
        product_scope=scope,
        product_codes=listed,
        excluded_product_codes=draw(st.sampled_from([(), (), ("p_cbs",)])),
        min_spend_micro=draw(st.sampled_from([0, 0, 0, 5, 30])),
    )


@st.composite
def issues(draw: st.DrawFn) -> Ask:
    customer, by, face = draw(index), draw(index), draw(amounts)
    begins = draw(st.sampled_from([None] * 6 + [timedelta(0), timedelta(hours=-1), *SHORT]))
    ends = draw(st.sampled_from([*SHORT, *LONG, *LONG]))
    facts = {
        "terms": draw(st.just(Terms()) | terms()),
        "priority": draw(st.sampled_from([0, 0, 0, 1])),
        "usage_kind": draw(st.sampled_from(["customer_offer"] * 7 + ["product_trial"])),
    }

    def ask(books: Books) -> Command:
        uin = books.customer(customer)
        begin = None if begins is None else books.now + begins
        asked = VoucherFacts(
            face_micro=face, begin_at=begin, end_at=(begin or books.now) + ends, **facts
        )
        return IssueVoucher(origin(books.by(by, uin), None, asked), uin, asked)

    return ask


lines = st.lists(
    st.builds(
        lambda code, amount: Line(code, SUB_PRODUCTS[code], amount, 1),
        st.sampled_from(sorted(SUB_PRODUCTS)),
        amounts,
    ),
    min_size=1,
    max_size=4,
)


@st.composite
def purchases(draw: st.DrawFn) -> tuple[Purchase, list[int], timedelta | None, timedelta | None]:
    """A purchase without what the time and the books decide: the vouchers it names, by index, and
    how long ago it was paid and completed."""
    purchase = Purchase(
        pay_mode=draw(st.sampled_from(["prepay", "postpay", "ripay"])),
        lines=tuple(draw(lines)),
        pay_scene=draw(st.sampled_from(["", "purchase", "spotpay", "hourlyFee"])),
        deal_name=draw(st.sampled_from(["", 'deal "quoted"', "订单"])),
        bill_id=draw(st.sampled_from(["", "bill-1"])),
    )
    named = draw(st.just([]) | st.just([]) | st.lists(index, min_size=1, max_size=3))
    paid = draw(st.sampled_from([None] * 9 + [*SHORT, timedelta(days=40), *AMISS]))
    completed = draw(st.sampled_from([None] * 9 + [*SHORT, -SHORT[2]]))
    return purchase, named, paid, completed


def settled(asked: Any, books: Books, owner: int) -> Purchase:
    purchase, named, paid, completed = asked
    own = [v.no for v in books.model.vouchers.values() if v.owner == owner]
    numbers = tuple(pick([*own, *own, NOBODY], n) for n in named)
    return replace(
        purchase,
        voucher_nos=numbers,
        paid_at=None if paid is None else books.now - paid,
        completed_at=None if completed is None else books.now - completed,
    )


@st.composite
def charges(draw: st.DrawFn) -> Ask:
    customer, by, asked = draw(index), draw(index), draw(purchases())

    def ask(books: Books) -> Command:
        uin = books.customer(customer)
        purchase = settled(asked, books, uin)
        return Charge(origin(books.by(by, uin), None, purchase), uin, purchase)

    return ask


@st.composite
def holds(draw: st.DrawFn) -> Ask:
    customer, by, asked = draw(index), draw(index), draw(purchases())
    lasts = draw(st.sampled_from([*SHORT, *LONG, *LONG, timedelta(0)]))

    def ask(books: Books) -> Command:
        uin = books.customer(customer)
        purchase, expires_at = settled(asked, books, uin), books.now + lasts
        came_from = origin(books.by(by, uin), None, purchase, expires_at)
        return OpenHold(came_from, uin, purchase, expires_at)

    return ask


@st.composite
def closings(draw: st.DrawFn) -> Ask:
    """Captures, in full or in part, and releases."""
    which, by, amount = draw(index), draw(index), draw(st.none() | st.none() | amounts)
    is_release = draw(st.sampled_from([False, False, True]))
    completed = draw(st.sampled_from([None] * 5 + [*SHORT, -SHORT[2]]))

    def ask(books: Books) -> Command:
        live = {hold.id: hold for hold in books.model.holds.values() if hold.state == "open"}
        known = live if live and which % 4 else books.model.holds
        uin, hold_id = books.owned(known, lambda hold: hold.owner, which)
        completed_at = None if completed is None else books.now - completed
        came_from = origin(books.by(by, uin), None, hold_id, amount, completed_at, is_release)
        if is_release:
            return Release(came_from, uin, hold_id)
        return Capture(came_from, uin, hold_id, amount, completed_at)

    return ask


@st.composite
def corrections(draw: st.DrawFn) -> Ask:
    """Refunds, and adjustments up and down."""
    which, by = draw(index), draw(index)
    amount = draw(st.none() | st.integers(1, 8) | amounts)
    sign = draw(st.sampled_from([0, 0, 1, -1]))
    bill = draw(st.sampled_from(["", "corrected"]))

    def ask(books: Books) -> Command:
        uin, usage_id = books.owned(books.model.usages, lambda u: u.voucher.owner, which)
        came_from = origin(books.by(by, uin), None, usage_id, amount, sign, bill)
        if sign == 0:
            return Refund(came_from, uin, usage_id, amount)
        return Adjust(came_from, uin, usage_id, sign * (amount or 1), bill)

    return ask


@st.composite
def endings(draw: st.DrawFn) -> Ask:
    """Withdrawals, invalidations and sweeps."""
    which, by = draw(index), draw(index)
    how = draw(st.sampled_from([*VoidKind, None, None]))

    def ask(books: Books) -> Command:
        uin, no = books.owned(books.model.vouchers, lambda voucher: voucher.owner, which)
        if how is None:
            own = [v.no for v in books.model.vouchers.values() if v.owner == uin]
            return Sweep(replace(origin(books.tree.platform), token=None), uin, tuple(own))
        return EndVoucher(origin(books.by(by, uin), None, no, how), uin, no, how)

    return ask


asks = st.one_of(
    charges(), charges(), charges(), holds(), holds(), closings(), closings(), corrections(),
    corrections(), issues(), endings(), quotas(),
)  # fmt: skip
