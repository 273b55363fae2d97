"""What the plain model keeps: vouchers with their usages, holds and pools."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass
class Voucher:
    no: int
    owner: int
    issuer: int
    funder: int | None
    asked: Any  # what it was issued on
    begin: datetime
    policies: Any
    buckets: dict[str, int]
    void: str | None = None
    usages: list["Usage"] = field(default_factory=list)

    @property
    def available(self) -> int:
        return self.buckets["available"]

    def can_end(self, now: datetime) -> bool:
        """Whether somebody could end it early."""
        holds = (self.available, self.buckets["held"], self.buckets["expired"])
        return self.void is None and any(holds) and now < self.asked.end_at

    def comes_back_to(self, now: datetime) -> str:
        """The bucket of value that comes back to it."""
        if self.void:
            return "voided"
        return "expired" if now >= self.asked.end_at else "available"


@dataclass
class Usage:
    id: int
    voucher: Voucher
    ordinal: int
    kind: str
    amount: int  # signed
    shares: dict[int, int]
    lines: Sequence[Any]
    mode: str
    scene: str
    deal: str
    bill: str
    paid_at: datetime
    completed_at: datetime
    corrects: "Usage | None" = None

    def net(self) -> int:
        """What is left of it after its corrections."""
        corrections = [u.amount for u in self.voucher.usages if u.corrects is self]
        return self.amount + sum(corrections)


@dataclass
class Hold:
    id: int
    owner: int
    purchase: Any
    paid_at: datetime
    expires: datetime
    parts: list[tuple[Voucher, dict[int, int]]]
    state: str = "open"


@dataclass
class Pool:
    total: int = 0
    available: int = 0
    issued: int = 0
    returned: int = 0
    allocated: int = 0
    issues: int = 0


def covers(terms: Any, product: str) -> bool:
    """Whether a line for this product may be paid."""
    if product in terms.excluded_product_codes:
        return False
    listed = product in terms.product_codes
    return {"all": True, "allow": listed, "block": not listed}[terms.product_scope]
