"""The books recomputed from the journal, in statements that answer nothing but differences.

Each reads the journal's rows of a stretch of owners and compares what follows from them with what
is stored beside them. Sorting and adding up is the database's, so little is held here however large
the books are.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from counterfoil.store.database import Connection
from counterfoil.store.statements import statement

# After the first, through the second.
Owners = tuple[int, int]
ALL_OWNERS: Owners = (-(2**63), 2**63 - 1)

_STRETCH_VOUCHERS = 5_000
_STATEMENT_S_MAX = 24 * 3600

# Of a stretch of owners.
_OF_OWNERS = (
    "verify_vouchers",
    "verify_postings",
    "verify_months",
    "verify_corrections",
    "verify_holds",
    "verify_hold_amounts",
    "verify_tokens",
)
# Of all owners asked for at once: what they compare is not sorted by owner.
_ACROSS_OWNERS = ("verify_ids", "verify_issued_quota", "verify_returned_quota")
_OF_POOLS = ("verify_pools", "verify_pool_movements", "verify_allocations")

# What a posting may be: its kind, the bucket it leaves and the one it enters.
_WAYS = [
    "issue mint available",
    "hold available held",
    *(f"{kind} held {target}" for kind in ("release", "lapse") for target in (
        "available", "expired", "voided",
    )),
    "expire available expired",
    "void available voided",
    "redeem available spent",
    "capture held spent",
    "adjustment available spent",
    *(f"{kind} spent {target}" for kind in ("refund", "adjustment") for target in (
        "available", "expired", "voided",
    )),
]  # fmt: skip
_POOL_WAYS = [
    "grant quota available",
    "reclaim available quota",
    "allocate available allocated",
    "deallocate allocated available",
    "issue available issued",
    "return returned available",
]
_MORE = {"verify_postings": (_WAYS,), "verify_pool_movements": (_POOL_WAYS,)}


@dataclass(frozen=True, slots=True)
class StoredDifference:
    """Something stored that is not what the journal comes to. `kind` names the table and column,
    `place` the row in it; amounts are micro. None stands for what is not there."""

    kind: str
    owner_uin: int
    voucher_no: int | None
    place: str
    expected: str | None
    found: str | None


async def prepare(connection: Connection) -> None:
    """Has a transaction plan for what it is about to read, and take its time."""
    await connection.execute("set local statement_timeout = 0")
    await connection.execute("set local plan_cache_mode = force_custom_plan")


async def counts(connection: Connection, owners: Owners) -> tuple[int, int]:
    """How many vouchers and how many usage rows these owners have."""
    row = await connection.fetchrow(statement("verify_ledger"), *owners, timeout=_STATEMENT_S_MAX)
    return row["vouchers"], row["usages"]


async def differences(
    connection: Connection, owners: Owners, at_most: int
) -> list[StoredDifference]:
    """What doesn't hold in these owners' books, the first `at_most`; of all owners, in the pools'
    too."""
    found: list[StoredDifference] = []
    after, through = owners
    while after < through and len(found) < at_most:
        # A stretch ends with an owner, so none is divided.
        last = await connection.fetchval(
            statement("verify_range"), after, through, _STRETCH_VOUCHERS
        )
        stretch_end = through if last is None else last
        found += await _differences(connection, _OF_OWNERS, after, stretch_end, at_most)
        after = stretch_end
    found += await _differences(connection, _ACROSS_OWNERS, *owners, at_most)
    if owners == ALL_OWNERS:
        found += await _differences(connection, _OF_POOLS, at_most)
    return found[:at_most]


async def _differences(
    connection: Connection, names: Sequence[str], *parameters: object
) -> list[StoredDifference]:
    return [
        StoredDifference(*row)
        for name in names
        for row in await connection.fetch(
            statement(name), *parameters, *_MORE.get(name, ()), timeout=_STATEMENT_S_MAX
        )
    ]
