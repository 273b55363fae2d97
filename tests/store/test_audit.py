"""Rows of the audit wait for a database that is away; and a page of it costs what it shows."""

import asyncio
import contextlib
import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest
from tests.books import ledger_server, opened
from tests.databases import as_superuser, query

from counterfoil.access import audit as auditing
from counterfoil.access.audit import Audit
from counterfoil.clock import Clock
from counterfoil.domain.account import AccountKind, Caller
from counterfoil.store.database import SESSION
from counterfoil.store.embedded import cluster
from counterfoil.store.statements import statement

CALLER = Caller(100, 101, AccountKind.RESELLER, "night")
BUFFERS_MAX = 60

LARGE_AUDIT = """
insert into audit (
    audit_id, occurred_at, request_id, main_uin, uin, session, secret_id, address, service, action,
    code, refused_count
)
select
    n, '2025-01-01'::timestamptz + n * interval '1 s', md5(n::text)::uuid, 1, n % 100, '', '', '',
    'counterfoil', 'Act' || n % 10, '', 0
from generate_series(1, 100000) as n
"""


@pytest.fixture
def dsn() -> Iterator[str]:
    with ledger_server() as name:
        yield name


def note(audit: Audit, number: int) -> None:
    audit.note(
        CALLER,
        secret_id=f"AKID{number}",
        address="127.0.0.1",
        operation=("counterfoil", "Act\0"),
        request_id=str(uuid.UUID(int=number)),
        code="",
        refused_count=0,
    )


async def write_while_away(dsn: str) -> None:
    """Notes rows before, while and after the database sends everybody away; then stops."""
    superuser = as_superuser(dsn)
    away = f"alter role {cluster.ROLE} connection limit"
    gone = "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1"
    async with opened(dsn) as database:
        audit = Audit(database, Clock())
        task = asyncio.create_task(audit.run())
        note(audit, 1)
        await asyncio.sleep(2 * auditing.PAUSE_S)
        await asyncio.to_thread(query, superuser, f"{away} 0")
        await asyncio.to_thread(query, superuser, gone, cluster.DATABASE)
        for number in range(2, 5_000):
            note(audit, number)
        await asyncio.sleep(3 * auditing.PAUSE_S)
        here = urlsplit(superuser)._replace(path=f"/{cluster.DATABASE}").geturl()
        assert await asyncio.to_thread(query, here, "select count(*) from audit") == [(1,)]
        await asyncio.to_thread(query, superuser, f"{away} -1")
        await asyncio.sleep(3 * auditing.PAUSE_S)
        note(audit, 5_000)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def test_rows_wait_while_the_database_is_away(dsn: str) -> None:
    asyncio.run(write_while_away(dsn))
    rows = query(dsn, "select audit_id, request_id, main_uin, uin, session, action from audit")
    assert sorted(number.int for _, number, *_ in rows) == list(range(1, 5_001))
    by_id = [number.int for _, number, *_ in sorted(rows)]
    assert by_id == sorted(by_id)
    assert {tuple(rest) for _, _, *rest in rows} == {(100, 101, "night", "Act")}


def test_no_more_wait_than_there_is_room_for(dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def flood() -> None:
        async with opened(dsn) as database:
            audit = Audit(database, Clock())
            for number in range(15):
                note(audit, number)
            task = asyncio.create_task(audit.run())
            await asyncio.sleep(0)
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    monkeypatch.setattr(auditing, "WAITING_MAX", 10)
    asyncio.run(flood())
    assert query(dsn, "select count(*) from audit") == [(10,)]


@pytest.mark.parametrize(
    ("caller", "action"), [(None, None), (7, None), (None, "Act7"), (7, "Act7"), (-1, None)]
)
def test_a_page_costs_what_it_shows(dsn: str, caller: int | None, action: str | None) -> None:
    """Newest or oldest page, whoever and whatever is asked about."""

    async def buffers(before: datetime) -> int:
        connection: Any = await asyncpg.connect(dsn, server_settings=SESSION)
        try:
            sql = "explain (analyze, buffers, format json) " + statement("describe_audit")
            since = datetime(2024, 1, 1, tzinfo=UTC)
            asked = (caller, action, since, before, 0, 10)
            (row,) = await connection.fetch(sql, *asked)
            plan = json.loads(row[0])[0]["Plan"]
            return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])
        finally:
            await connection.close()

    query(dsn, LARGE_AUDIT)
    query(dsn, "analyze audit")
    for before in (datetime(2030, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, 1, tzinfo=UTC)):
        assert asyncio.run(buffers(before)) <= BUFFERS_MAX
