"""Rows of the journal: which line a usage shows first, what it adds up to, what it was charged."""

from tests.unit.vouchers import NOW

from counterfoil.domain.burndown import Share
from counterfoil.domain.postings import Bill, Cause, Line, PaidLine, PastUsage, UsagePosting
from counterfoil.domain.voucher import Bucket

BILL = Bill(
    "postpay", "spotpay", "", "bill", NOW, NOW,
    (Line("a", "a1", 10, 7, "item", "sub", "unit", "renew"), Line("b", "b1", 20, 8)),
)  # fmt: skip


def usage(*shares: Share, target: Bucket = Bucket.SPENT) -> UsagePosting:
    lines = BILL.paid(shares)
    amount_micro = sum(line.amount_micro for line in lines)
    source = Bucket.AVAILABLE if target is Bucket.SPENT else Bucket.SPENT
    return UsagePosting(
        1, 2, 1, 1, 1, 1, Cause("redeem"), source, target, amount_micro, BILL, lines, NOW, 1
    )


def test_a_paid_line_keeps_what_the_line_was_for() -> None:
    assert BILL.paid([Share(1, 4)]) == (
        PaidLine(1, 4, "a", "a1", "item", "sub", "unit", "renew", 7),
    )


def test_the_main_line_is_the_one_with_the_largest_share_the_first_among_equals() -> None:
    assert usage(Share(1, 4), Share(2, 5)).main_line.product_code == "b"
    assert usage(Share(1, 5), Share(2, 5)).main_line.product_code == "a"
    backwards = usage(Share(1, 5), Share(2, 5))
    assert backwards._replace(lines=backwards.lines[::-1]).main_line.product_code == "a"


def test_value_that_leaves_spent_counts_negative() -> None:
    assert usage(Share(1, 4)).signed_micro == 4
    assert usage(Share(1, 4), target=Bucket.EXPIRED).signed_micro == -4


def test_what_is_left_of_a_usage() -> None:
    assert PastUsage(usage(Share(1, 4), Share(2, 5)), -3).net_micro == 6
