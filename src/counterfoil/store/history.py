"""What was posted, in order, and what it came to before an instant."""

from dataclasses import dataclass
from datetime import datetime

from counterfoil.store.database import Connection
from counterfoil.store.statements import statement


@dataclass(frozen=True, slots=True)
class Posting:
    """A row of a voucher's journal: a usage row or a movement. `paid_at` is None and the labels
    are empty where it is no usage."""

    posting_no: int
    kind: str
    source: str
    target: str
    amount_micro: int
    posted_at: datetime
    actor_uin: int
    operation_id: int
    movement_id: int | None
    usage_id: int | None
    corrects_usage_id: int | None
    hold_id: int | None
    paid_at: datetime | None
    deal_name: str
    bill_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class QuotaPosting:
    """A movement of a partner's quota; `posting_no` is its place among them."""

    posting_no: int
    kind: str
    source: str
    target: str
    amount_micro: int
    posted_at: datetime
    actor_uin: int
    operation_id: int
    movement_id: int
    counterpart_uin: int | None
    voucher_owner_uin: int | None
    voucher_no: int | None
    cause_id: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class MovedSum:
    """What had moved between two buckets; `is_late`: for holds whose deadline had come."""

    source: str
    target: str
    is_late: bool
    amount_micro: int


async def postings_behind(
    connection: Connection,
    voucher: tuple[int, int],
    posting_no: int,
    usages: int,
    size: int,
) -> list[Posting]:
    """The first `size` postings of a voucher (owner, number) behind a posting number, up to which
    there were so many usage rows."""
    rows = await connection.fetch(statement("describe_journal"), *voucher, posting_no, usages, size)
    return [Posting(*row) for row in rows]


async def quota_postings_behind(
    connection: Connection, partner_uin: int, posting_no: int, size: int
) -> list[QuotaPosting]:
    """The first `size` movements of a partner's quota behind a number."""
    rows = await connection.fetch(
        statement("describe_quota_journal"), partner_uin, posting_no, size
    )
    return [QuotaPosting(*row) for row in rows]


async def moved_before(
    connection: Connection, voucher: tuple[int, int], instant: datetime
) -> list[MovedSum]:
    """All that had moved in a voucher (owner, number) before an instant."""
    rows = await connection.fetch(statement("describe_balance_at"), *voucher, instant)
    return [MovedSum(*row) for row in rows]


async def quota_moved_before(
    connection: Connection, partner_uin: int, instant: datetime
) -> list[MovedSum]:
    """All that had moved in a partner's quota before an instant."""
    rows = await connection.fetch(statement("describe_quota_at"), partner_uin, instant)
    return [MovedSum(source, target, False, amount) for source, target, amount in rows]
