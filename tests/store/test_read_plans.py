"""Reads cost what they answer, not what there is: measured in blocks of a large book."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

import asyncpg
import pytest
from tests.books import ledger_server, opened
from tests.store.large_book import LARGE_BOOK, LAST_NO, OWNER, PARTNER, POSTINGS

from counterfoil.store.database import SESSION, Connection
from counterfoil.store.statements import statement

NOW = "'2026-01-01'::timestamptz"
ALL = f"{OWNER}, {{below}}, 21, null, null, {NOW}"

# Statement, its arguments, and how many blocks it may touch at most.
COSTS = [
    ("describe_vouchers", ALL.format(below=2**53), 200),
    ("describe_vouchers", ALL.format(below=20_000_030), 200),
    ("describe_vouchers", f"{OWNER}, {2**53}, 21, null, 'expired', {NOW}", 200),
    ("describe_vouchers", f"{OWNER}, {2**53}, 21, '{{20000001,20039999}}', null, {NOW}", 100),
    ("describe_journal", f"{OWNER}, {LAST_NO}, 0, 0, 21", 15),
    ("describe_journal", f"{OWNER}, {LAST_NO}, {POSTINGS - 10}, {POSTINGS // 2 - 5}, 21", 15),
    ("describe_quota_journal", f"{PARTNER}, 0, 21", 10),
    ("describe_quota_journal", f"{PARTNER}, {POSTINGS - 10}, 21", 10),
    ("explain_charge", f"{OWNER}, 1000", 60),
    ("due_vouchers", f"{NOW}, 200", 200),
    ("due_vouchers", "'2020-01-01'::timestamptz, 200", 10),
    ("due_holds", f"{NOW}, 200", 30),
    ("due_holds", "'2020-01-01'::timestamptz, 200", 10),
    ("verify_range", f"0, {2**63 - 1}, 5000", 300),
]


@pytest.fixture(scope="module")
def dsn() -> Iterator[str]:
    with ledger_server() as name:
        asyncio.run(_fill(name))
        yield name


async def _fill(dsn: str) -> None:
    async with opened(dsn) as database, database.transaction() as connection:
        await connection.execute(f"{LARGE_BOOK}; analyze", timeout=110)


@pytest.fixture
async def connection(dsn: str) -> AsyncIterator[Connection]:
    """A session like the service's own."""
    session = await asyncpg.connect(dsn, server_settings=SESSION)
    yield session
    await session.close()


@pytest.mark.parametrize(("name", "arguments", "blocks_max"), COSTS)
async def test_a_read_touches_few_blocks(
    connection: Connection, name: str, arguments: str, blocks_max: int
) -> None:
    await connection.execute(f"prepare asked as {statement(name)}")
    explain = f"explain (analyze, buffers, timing off, format json) execute asked({arguments})"
    ((plan,),) = await connection.fetch(explain)
    top: dict[str, Any] = json.loads(plan)[0]["Plan"]
    assert top["Shared Hit Blocks"] + top["Shared Read Blocks"] <= blocks_max, plan
