"""Vouchers and purchases for tests of rules that need no books."""

from datetime import UTC, datetime, timedelta
from typing import Any

from counterfoil.domain.burndown import Due, Verdict
from counterfoil.domain.voucher import Terms, Voucher

NOW = datetime(2026, 3, 8, 4, tzinfo=UTC)
DAY = timedelta(days=1)
OPEN = Terms()


def voucher(number: int, face_micro: int, ends_in_days: int = 30, **facts: Any) -> Voucher:
    """A voucher with nothing spent of it, that began yesterday and has open terms."""
    usual = {
        "owner_uin": 1,
        "voucher_no": number,
        "issuer_uin": 2,
        "funder_uin": 2,
        "terms": OPEN,
        "priority": 0,
        "begin_at": NOW - DAY,
        "end_at": NOW + ends_in_days * DAY,
        "void_kind": None,
        "void_reason": "",
        "voided_at": None,
        "version": 1,
        "last_posted_at": NOW - DAY,
        "face_micro": face_micro,
        "available_micro": face_micro,
        "held_micro": 0,
        "spent_micro": 0,
        "expired_micro": 0,
        "voided_micro": 0,
        "record_count": 0,
        "posting_count": 1,
    }
    return Voucher(**{**usual, **facts})


def due(*amounts_micro: int, products: str = "", mode: str = "postpay", scene: str = "") -> Due:
    """A purchase with a line for each amount; `products` names each line's product by a letter,
    by default all the same one."""
    return Due(mode, scene, tuple(products or "p" * len(amounts_micro)), amounts_micro)


def paid(verdicts: list[Verdict]) -> dict[int, int]:
    """What each voucher pays that pays, in their order."""
    return {v.voucher.voucher_no: v.amount_micro for v in verdicts if v.shares}


def lines_paid(verdicts: list[Verdict]) -> dict[int, dict[int, int]]:
    """What each voucher pays of each line."""
    return {
        v.voucher.voucher_no: {share.line_no: share.amount_micro for share in v.shares}
        for v in verdicts
        if v.shares
    }
