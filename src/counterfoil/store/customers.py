"""What a partner's customers hold, customer by customer, and what the partner itself may issue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from counterfoil.domain.account import AccountKind
from counterfoil.store.database import Database
from counterfoil.store.statements import statement


@dataclass(frozen=True, slots=True)
class CustomerList:
    """A customer's vouchers; `rows` is the text of their JSON objects with commas between."""

    customer_uin: int
    voucher_count: int
    rows: bytes


@dataclass(frozen=True, slots=True)
class CustomerAmounts:
    """A customer's sums: the face of what nobody has ended early, and what can be spent now."""

    customer_uin: int
    face_micro: int
    spendable_micro: int


@dataclass(frozen=True, slots=True)
class PartnerQuota:
    """A partner's name, kind and voucher quota."""

    name: str
    kind: AccountKind
    total_micro: int
    remaining_micro: int
    issued_count: int


async def customer_lists(
    database: Database,
    caller_uin: int,
    customer_uins: Sequence[int],
    now: datetime,
    status: str | None,
) -> dict[int, CustomerList]:
    """What each of these customers has, of those in the caller's tree; `status` (None: any) is one
    of the words that rows show."""
    rows = await database.fetch(
        statement("query_voucher_list_by_uin"), caller_uin, customer_uins, now, status
    )
    return {row["uin"]: CustomerList(*row) for row in rows}


async def customer_amounts(
    database: Database, caller_uin: int, customer_uins: Sequence[int], now: datetime
) -> dict[int, CustomerAmounts]:
    """The sums of each of these customers that is in the caller's tree."""
    rows = await database.fetch(
        statement("query_voucher_amount_by_uin"), caller_uin, customer_uins, now
    )
    return {row["uin"]: CustomerAmounts(*row) for row in rows}


async def partner_quota(database: Database, partner_uin: int, now: datetime) -> PartnerQuota:
    """What a partner was given and can still issue; zeros where it never had any."""
    ((name, kind, *numbers),) = await database.fetch(
        statement("query_voucher_pool"), partner_uin, now
    )
    return PartnerQuota(name, AccountKind(kind), *numbers)
