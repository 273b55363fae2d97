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
