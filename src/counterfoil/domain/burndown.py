"""Which vouchers pay a charge, how much each, and why each of the others does not. Pure.

Two policies. `intl` burns several vouchers for one charge, those that end soonest first and among
them the smallest. `cn` picks one: of those that end soonest the one that can take most of the
charge, and among equals the smallest. An issuer's `priority` (lower first) goes ahead of both.
Sources: the voucher rules of the international and the Chinese billing documentation, with their
examples.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from counterfoil.domain.voucher import Terms, Voucher

# Where a voucher stands in the order of `intl`: priority, end, available value, number.
Place = tuple[int, datetime, int, int]


class Policy(StrEnum):
    """How vouchers are chosen; a property of the customer's root partner."""

    INTL = "intl"
    CN = "cn"


class Reason(StrEnum):
    """Why a voucher pays, or why it does not, in the order in which the rules are tried."""

    USED = "used"
    NOT_NAMED = "not_named"
    VOIDED = "voided"
    NOT_YET_VALID = "not_yet_valid"
    ENDED = "ended"
    EMPTY = "empty"
    PAY_MODE = "pay_mode"
    PAY_SCENE = "pay_scene"
    PRODUCTS = "products"
    MIN_SPEND = "min_spend"
    ONE_VOUCHER_ONLY = "one_voucher_only"
    NOTHING_LEFT_TO_PAY = "nothing_left_to_pay"


@dataclass(frozen=True, slots=True)
class Share:
    """What a voucher pays of one line; `line_no` counts the charge's lines from 1."""

    line_no: int
    amount_micro: int


class Verdict(NamedTuple):
    """What a charge does with one voucher; no shares unless the reason is `used`."""

    voucher: Voucher
    reason: Reason
    shares: tuple[Share, ...] = ()

    @property
    def amount_micro(self) -> int:
        """What the voucher pays."""
        return sum(share.amount_micro for share in self.shares)


class Due(NamedTuple):
    """What is to be paid: the lines' products and amounts, in order."""

    pay_mode: str
    pay_scene: str
    product_codes: tuple[str, ...]
    amounts_micro: tuple[int, ...]


def burn_down(
    vouchers: Sequence[Voucher],
    due: Due,
    *,
    policy: Policy,
    now: datetime,
    named: Sequence[int] = (),
    stops_when_paid: bool = False,
) -> list[Verdict]:
    """A verdict on every voucher, in the order in which they were considered; with
    `stops_when_paid` none on those that come after all is paid, or after the one that `cn` uses.

    With `named` voucher numbers only those pay, in the order named. Line amounts are micro and
    positive; the shares of a verdict sum to at most the voucher's available value, and those of a
    line to at most its amount.
    """
    unpaid = list(due.amounts_micro)
    verdicts = []
    is_one_used = False
    for voucher in _in_order(vouchers, due, policy, now, named):
        if stops_when_paid and (not any(unpaid) or (is_one_used and policy is Policy.CN)):
            break
        verdict = _judge(voucher, due, unpaid, now, named)
        if verdict.reason is Reason.USED:
            if policy is Policy.CN and is_one_used:
                verdict = Verdict(voucher, Reason.ONE_VOUCHER_ONLY)
            is_one_used = True
        for share in verdict.shares:
            unpaid[share.line_no - 1] -= share.amount_micro
        verdicts.append(verdict)
    return verdicts


def place_of(voucher: Voucher) -> Place:
    """Where a voucher stands in the order of `intl`."""
    return voucher.priority, voucher.end_at, voucher.available_micro, voucher.voucher_no


def is_settled(verdicts: Sequence[Verdict], due: Due, policy: Policy, read_to: Place) -> bool:
    """Whether verdicts on some vouchers, none named, stand whatever others there are beyond the
    place `read_to`: all is paid before the first of these could come."""
    paid_micro = sum(verdict.amount_micro for verdict in verdicts)
    if policy is Policy.INTL:
        is_paid = paid_micro == sum(due.amounts_micro)
        return is_paid and place_of(verdicts[-1].voucher) <= read_to
    # Which of those that end together can take most, only they all can tell.
    return paid_micro > 0 and place_of(verdicts[-1].voucher)[:2] < read_to[:2]


def split(amount_micro: int, weights: Sequence[int]) -> list[int]:
    """Shares of an amount pro rata to weights, exact: what rounding leaves goes to the largest
    remainders, ties to the earlier share. No share exceeds its weight while the amount is at most
    the weights' sum."""
    total = sum(weights)
    if amount_micro == total:
        return list(weights)
    shares = [amount_micro * weight // total for weight in weights]
    by_remainder = sorted(
        range(len(weights)), key=lambda n: (-(amount_micro * weights[n] % total), n)
    )
    for n in by_remainder[: amount_micro - sum(shares)]:
        shares[n] += 1
    return shares


def _in_order(
    vouchers: Sequence[Voucher], due: Due, policy: Policy, now: datetime, named: Sequence[int]
) -> list[Voucher]:
    if len(vouchers) < 2:
        return list(vouchers)
    if named:
        rank = {voucher_no: n for n, voucher_no in enumerate(named)}
        return sorted(vouchers, key=lambda v: (rank.get(v.voucher_no, len(rank)), v.voucher_no))
    if policy is Policy.INTL:
        return sorted(vouchers, key=place_of)

    def takes_most(voucher: Voucher) -> tuple[object, ...]:
        taken_micro = min(voucher.available_micro, sum(_eligible(voucher.terms, due)))
        return (
            voucher.priority, voucher.end_at, -taken_micro, voucher.available_micro,
            voucher.voucher_no,
        )  # fmt: skip

    return sorted(vouchers, key=takes_most)


def _judge(
    voucher: Voucher, due: Due, unpaid: Sequence[int], now: datetime, named: Sequence[int]
) -> Verdict:
    reason = _obstacle(voucher, due, now, named)
    if reason is not None:
        return Verdict(voucher, reason)
    eligible = _eligible(voucher.terms, due)
    eligible_micro = sum(eligible)
    if eligible_micro == 0:
        return Verdict(voucher, Reason.PRODUCTS)
    if eligible_micro < voucher.terms.min_spend_micro:
        return Verdict(voucher, Reason.MIN_SPEND)
    weights = [rest if amount else 0 for rest, amount in zip(unpaid, eligible, strict=True)]
    payable_micro = min(voucher.available_micro, sum(weights))
    if payable_micro == 0:
        return Verdict(voucher, Reason.NOTHING_LEFT_TO_PAY)
    shares = tuple(
        Share(line_no, amount_micro)
        for line_no, amount_micro in enumerate(split(payable_micro, weights), start=1)
        if amount_micro
    )
    return Verdict(voucher, Reason.USED, shares)


def _obstacle(voucher: Voucher, due: Due, now: datetime, named: Sequence[int]) -> Reason | None:
    """Why a voucher can't pay anything of this charge, whatever its products."""
    reason = None
    if named and voucher.voucher_no not in named:
        reason = Reason.NOT_NAMED
    elif voucher.void_kind is not None:
        reason = Reason.VOIDED
    elif now < voucher.begin_at:
        reason = Reason.NOT_YET_VALID
    elif now >= voucher.end_at:
        reason = Reason.ENDED
    elif voucher.available_micro == 0:
        reason = Reason.EMPTY
    elif not voucher.terms.allows_mode(due.pay_mode):
        reason = Reason.PAY_MODE
    elif not voucher.terms.allows_scene(due.pay_scene):
        reason = Reason.PAY_SCENE
    return reason


def _eligible(terms: Terms, due: Due) -> Sequence[int]:
    """The amount of each line that these terms may pay for, 0 for the others."""
    if terms.allows_every_product:
        return due.amounts_micro
    return [
        amount if terms.allows_product(product_code) else 0
        for product_code, amount in zip(due.product_codes, due.amounts_micro, strict=True)
    ]
