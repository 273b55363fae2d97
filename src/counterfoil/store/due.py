"""What has become due, of whoever has it: to be posted though nobody writes about it."""

from collections.abc import Collection, Sequence
from datetime import datetime

from counterfoil.store.database import Database
from counterfoil.store.statements import statement


async def ended_vouchers(
    database: Database, now: datetime, at_most: int
) -> Sequence[tuple[int, int]]:
    """Vouchers (owner, number) that have ended with value left, those that ended first."""
    rows = await database.fetch(statement("due_vouchers"), now, at_most)
    return [(row["owner_uin"], row["voucher_no"]) for row in rows]


async def vouchers_owing_quota(
    database: Database, partner_uins: Collection[int], now: datetime, at_most: int
) -> Sequence[tuple[int, int]]:
    """Vouchers (owner, number) from which quota is due to come back to these partners' pools."""
    rows = await database.fetch(statement("due_of_pools"), list(partner_uins), now, at_most)
    return sorted((row["owner_uin"], row["voucher_no"]) for row in rows)


async def owners_of_late_holds(database: Database, now: datetime, at_most: int) -> Sequence[int]:
    """Owners of open holds that are past their deadline, in ascending order."""
    rows = await database.fetch(statement("due_holds"), now, at_most)
    return sorted({row["owner_uin"] for row in rows})
