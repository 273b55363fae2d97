"""A voucher as the ledger works with it: what it may pay for, its buckets, and its state.

The buckets always sum to the face: `available`, `held` by open holds, `spent`, `expired`, `voided`.
State is never stored; it follows from buckets, dates and `void_kind`.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

_CODE = re.compile(r"[0-9A-Z]{1,32}", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,15}", re.ASCII)


class Bucket(StrEnum):
    """Where value is. `mint` is where a voucher's face comes from; it holds no balance."""

    MINT = "mint"
    AVAILABLE = "available"
    HELD = "held"
    SPENT = "spent"
    EXPIRED = "expired"
    VOIDED = "voided"


class VoidKind(StrEnum):
    """Who ended a voucher early: its issuer, or the platform."""

    WITHDRAWN = "withdrawn"
    KILLED = "killed"


class State(StrEnum):
    """What a voucher is, in the order in which the rules are tried."""

    WITHDRAWN = "withdrawn"
    KILLED = "killed"
    USED = "used"
    EXPIRED = "expired"
    ISSUED = "issued"
    USABLE = "usable"


class ProductScope(StrEnum):
    """Whether `Terms.product_codes` lists what may be paid for, or what may not."""

    ALL = "all"
    ALLOW = "allow"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a voucher may pay for, fixed at issue. Empty scenes or codes mean no restriction."""

    pay_mode: str = "all"
    pay_scenes: tuple[str, ...] = ()
    product_scope: ProductScope = ProductScope.ALL
    product_codes: tuple[str, ...] = ()
    excluded_product_codes: tuple[str, ...] = ()
    min_spend_micro: int = 0
    returns_on_refund: bool = False
    returns_on_expiry: bool = True
    returns_on_withdrawal: bool = True

    def allows_mode(self, pay_mode: str) -> bool:
        """Whether charges of this pay mode may be paid."""
        return self.pay_mode in ("all", pay_mode)

    def allows_scene(self, pay_scene: str) -> bool:
        """Whether charges of this scene may be paid; one without a scene fits open terms only."""
        return not self.pay_scenes or pay_scene in self.pay_scenes

    @property
    def allows_every_product(self) -> bool:
        """Whether lines of any product may be paid."""
        return self.product_scope is ProductScope.ALL and not self.excluded_product_codes

    def allows_product(self, product_code: str) -> bool:
        """Whether lines of this product may be paid."""
        if product_code in self.excluded_product_codes:
            return False
        if self.product_scope is ProductScope.ALL:
            return True
        return (product_code in self.product_codes) == (self.product_scope is ProductScope.ALLOW)


@dataclass(slots=True)
class Voucher:
    """One voucher in a working set. `post` is the only way its buckets change."""

    owner_uin: int
    voucher_no: int
    issuer_uin: int
    funder_uin: int | None
    terms: Terms
    priority: int
    begin_at: datetime
    end_at: datetime
    void_kind: VoidKind | None
    void_reason: str
    voided_at: datetime | None
    version: int
    last_posted_at: datetime
    face_micro: int
    available_micro: int
    held_micro: int
    spent_micro: int
    expired_micro: int
    voided_micro: int
    record_count: int
    posting_count: int

    def post(self, source: Bucket, target: Bucket, amount_micro: int) -> int:
        """Moves value between two buckets; the posting's number in this voucher."""
        assert amount_micro > 0 and source is not target
        self._add(source, -amount_micro)
        self._add(target, amount_micro)
        self.posting_count += 1
        return self.posting_count

    def _add(self, bucket: Bucket, amount_micro: int) -> None:
        if bucket is Bucket.MINT:
            return
        column = bucket + "_micro"
        balance_micro = getattr(self, column) + amount_micro
        assert balance_micro >= 0, f"{column} of voucher {self.voucher_no} would be negative"
        setattr(self, column, balance_micro)

    def returned_value_goes_to(self, now: datetime) -> Bucket:
        """Where value that comes back (a release, a refund) goes: it never revives a voucher."""
        if self.void_kind is not None:
            return Bucket.VOIDED
        return Bucket.EXPIRED if now >= self.end_at else Bucket.AVAILABLE

    def is_live(self, now: datetime) -> bool:
        """Whether it may pay now: neither ended early, nor before its time, nor after."""
        return self.void_kind is None and self.begin_at <= now < self.end_at

    def state(self, now: datetime) -> State:
        """What it is at an instant, as if everything due had been posted."""
        if self.void_kind is not None:
            return State(self.void_kind.value)
        if self.available_micro + self.held_micro == 0 and self.expired_micro == 0:
            return State.USED
        if now >= self.end_at:
            return State.EXPIRED
        return State.ISSUED if now < self.begin_at else State.USABLE


def code_and_number(name: str) -> tuple[str, int | None] | None:
    """What a voucher of this name has: the name is its code or, where it has the form of one, its
    number. None where no voucher can be named so."""
    if not _CODE.fullmatch(name):
        return None
    return name, int(name) if _NUMBER.fullmatch(name) else None
