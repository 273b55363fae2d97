"""Lists of a customer's vouchers: which are on a page, and what only lists show of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from counterfoil.store.database import Connection
from counterfoil.store.statements import statement


@dataclass(frozen=True, slots=True)
class ListedFacts:
    """What a list shows of a voucher besides what it is worth; `lapsing_micro` is held by open
    holds whose deadline has come."""

    voucher_no: int
    code: str
    usage_kind: str
    issued_at: datetime
    name: str
    apply_reason: str
    activity_id: str
    code_id: str
    main_type: str
    sub_type: str
    policy_remark: str
    lapsing_micro: int


@dataclass(frozen=True, slots=True)
class VoucherPage:
    """A page as it is asked for: `size` vouchers with numbers below `below_no`, of those with
    these numbers or of all, in this state at `now` or in any."""

    owner_uin: int
    below_no: int
    size: int
    now: datetime
    numbers: Sequence[int] | None = None
    state: str | None = None


async def voucher_page(connection: Connection, page: VoucherPage) -> list[ListedFacts]:
    """The page's vouchers, the highest number first."""
    rows = await connection.fetch(
        statement("describe_vouchers"),
        page.owner_uin,
        page.below_no,
        page.size,
        page.numbers,
        page.state,
        page.now,
    )
    return [ListedFacts(*row) for row in rows]


async def newest_vouchers(connection: Connection, owner_uin: int, at_most: int) -> list[int]:
    """The numbers of an owner's vouchers, the highest `at_most`."""
    rows = await connection.fetch(statement("explain_charge"), owner_uin, at_most)
    return [row["voucher_no"] for row in rows]
