"""Proves the books: everything that is stored beside the journal is worked out from it once more.

The journal is `usage` and `movement`, and `pool_movement` for quota. From it follow each voucher's
buckets and counts, each month's, each pool's; it must agree with holds, with remembered answers and
with itself: numbers dense from 1, instants that never decrease, no bucket ever below nothing, and
quota issued and returned for the very vouchers and postings it names.
"""

import asyncio
from dataclasses import dataclass

from counterfoil.domain.account import AccountKind, Caller
from counterfoil.domain.errors import RoleRefused
from counterfoil.domain.money import usd
from counterfoil.ledger.authority import require_visible
from counterfoil.store import verification
from counterfoil.store.database import Database
from counterfoil.store.journal import read_accounts
from counterfoil.store.verification import StoredDifference

DIFFERENCES_MAX = 1_000
AT_A_TIME_MAX = 2


@dataclass(frozen=True, slots=True)
class Difference:
    """Something stored that is not what the journal comes to.

    `kind` names it as table and column, as in `voucher.spent` or `usage.month_ordinal`; `place` the
    row, as in `month 202403`. `owner_uin` is the customer, or a pool's partner. Amounts are USD,
    instants UTC; empty for what is not there.
    """

    kind: str
    owner_uin: int
    voucher_no: int | None
    expected: str
    found: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """How many vouchers and usage rows were looked at, and what doesn't hold: at most 1,000
    differences."""

    vouchers: int
    usages: int
    differences: list[Difference]


async def verify(database: Database, owner_uin: int | None = None) -> Verification:
    """Verifies one customer's books, or all of them and all pools.

    Sees the books as of one instant; nobody who writes meanwhile waits for it. Takes time in
    proportion to the journal.

    Raises:
        Unavailable: the database can't be reached just now.
    """
    owners = verification.ALL_OWNERS if owner_uin is None else (owner_uin - 1, owner_uin)
    async with database.snapshot() as connection:
        await verification.prepare(connection)
        vouchers, usages = await verification.counts(connection, owners)
        stored = await verification.differences(connection, owners, DIFFERENCES_MAX)
    return Verification(vouchers, usages, [_shown(difference) for difference in stored])


class Verifications:
    """The verifications that callers ask of one server: few at a time, since each holds a
    connection for long."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._free = asyncio.Semaphore(AT_A_TIME_MAX)

    async def run(self, caller: Caller, customer_uin: int | None) -> Verification:
        """Verifies one customer's books for those above it, or all of them for the platform.

        Raises:
            RoleRefused: all books are asked for, and not by the platform.
            NotFound: no such customer below the caller.
            Unavailable: the database can't be reached just now.
        """
        if customer_uin is None:
            if caller.kind is not AccountKind.PLATFORM:
                raise RoleRefused
        else:
            async with self._database.snapshot() as connection:
                accounts = await read_accounts(connection, [customer_uin])
            require_visible(accounts, caller, customer_uin)
        async with self._free:
            return await verify(self._database, customer_uin)


def _shown(stored: StoredDifference) -> Difference:
    kind = stored.kind.removesuffix("_micro")
    expected, found = (
        _usd(text) if kind != stored.kind else text
        for text in (stored.expected or "", stored.found or "")
    )
    return Difference(kind, stored.owner_uin, stored.voucher_no, expected, found, stored.place)


def _usd(text: str) -> str:
    """An amount as people read it; what stands in the place of one as it is."""
    return usd(int(text)) if text.removeprefix("-").isdecimal() else text
