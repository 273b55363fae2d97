"""Writes cost what they are about, not what there is, whatever the planner believes.

Each statement is planned on empty tables, as by a server in its first second, and measured in
blocks on a large book with that plan, and again with a plan made after the book was analyzed.
"""

import json
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest
from tests.books import ledger_server, opened
from tests.store.large_book import LARGE_BOOK, LAST_NO, NEIGHBOUR, OWNER, PARTNER

from counterfoil.store.database import SESSION, Connection
from counterfoil.store.statements import statement

FEW = 900_000_000_001
NOW = "'2026-01-01'::timestamptz"
OWNERS = f"array[{OWNER}, {NEIGHBOUR}]"
NOS = f"array[{LAST_NO - 1}, {LAST_NO - 2}]"
EMPTY = "'{}', '{}'"

# Statement, its arguments, and how many blocks it may touch at most.
COSTS = [
    ("tokens", f"array[{OWNER}], {OWNERS}, array[{PARTNER}, {PARTNER}], '{{token-7,new}}'", 20),
    ("vouchers_by_number", f"{OWNERS}, {OWNERS}, {NOS}", 20),
    ("holds_by_id", f"array[{NEIGHBOUR}], {EMPTY}, {NOW}", 20),
    ("holds_by_id", f"array[{OWNER}], array[{OWNER}], array[7], '2020-01-01'::timestamptz", 30),
    ("accounts_and_ancestors", OWNERS, 50),
    # Of 40,000 vouchers, which end together; a thousand are looked at, and lie close together here.
    ("first_candidates", f"{OWNER}, {NOW}, 1000, 32", 100),
    ("voucher_candidates", f"array[{FEW}, {FEW} + 1], {NOW}, 32", 20),
    # Before anything is due; whatever is, of everybody, is looked at.
    ("due_of_pools", f"array[{PARTNER}], '2020-01-01'::timestamptz, 1000", 20),
    ("past_usages", f"array[{OWNER}], array[{OWNER}], array[7]", 20),
    ("corrections", f"array[{OWNER}], array[{OWNER}], array[7]", 20),
    ("usages_by_ordinal", f"array[{OWNER}], array[{OWNER}], array[{LAST_NO}], array[7]", 20),
    ("add_to_usage_months", f"{OWNERS}, {NOS}, '{{202501,202501}}', '{{1,1}}', '{{1,1}}'", 80),
    (
        "write_vouchers",
        f"array[{OWNER}], array[{OWNER}], array[{LAST_NO - 1}], '{{1}}', array[{NOW}], '{{99}}', "
        "'{0}', '{1}', '{0}', '{0}', '{1}', '{2}', '{null}', '{\"\"}', '{null}'",
        60,
    ),
    (
        "write_holds",
        f"array[{OWNER}], array[{OWNER}], '{{100}}', '{{1}}', '{{released}}', array[{NOW}]",
        60,
    ),
]
# What an owner has few of until the tables are first analyzed, or the session is replaced.
REPLANNED = {"vouchers_by_number", "write_vouchers", "accounts_and_ancestors"}


@pytest.fixture
def dsn() -> Iterator[str]:
    with ledger_server() as name:
        yield name


async def test_a_write_touches_few_blocks(dsn: str) -> None:
    async with opened(dsn) as database:
        # A session like the service's own, which keeps the plans it made on empty tables.
        session = await asyncpg.connect(dsn, server_settings=SESSION)
        try:
            for n, (name, arguments, _) in enumerate(COSTS):
                await session.execute(f"prepare asked_{n} as {statement(name)}")
                await _cost(session, n, arguments)
            async with database.transaction() as connection:
                await connection.execute(LARGE_BOOK, timeout=110)
            assert not (await _too_dear(session)).keys() - REPLANNED
            async with database.transaction() as connection:
                await connection.execute("analyze")
            assert await _too_dear(session) == {}
        finally:
            await session.close()


async def _too_dear(session: Connection) -> dict[str, int]:
    """The blocks that statements touched, of those that touched more than they may."""
    dear = {}
    for n, (name, arguments, blocks_max) in enumerate(COSTS):
        blocks = await _cost(session, n, arguments)
        if blocks > blocks_max:
            dear[name] = blocks
    return dear


async def _cost(session: Connection, n: int, arguments: str) -> int:
    """How many blocks a statement touches; what it writes is taken back."""
    explain = f"explain (analyze, buffers, timing off, format json) execute asked_{n}({arguments})"
    transaction = session.transaction()
    await transaction.start()
    try:
        ((plan,),) = await session.fetch(explain)
    finally:
        await transaction.rollback()
    top: dict[str, Any] = json.loads(plan)[0]["Plan"]
    return int(top["Shared Hit Blocks"] + top["Shared Read Blocks"])
