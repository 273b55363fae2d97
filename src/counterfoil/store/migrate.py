"""Brings a database to this code's schema, under a lock, so that servers may start together.

Revisions are plain SQL. An empty database runs them all as they stand, and only one that holds an
older schema needs Alembic, whose import alone takes longer than either. A test compares the two
ways.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg

from counterfoil.domain.errors import Unusable
from counterfoil.store.database import Connection, connect, startup_refusals

FOLDER = Path(__file__).parent / "migrations"
REVISIONS = sorted(path.stem.partition("_")[0] for path in (FOLDER / "versions").glob("[0-9]*.py"))

# Any number that no other program of the same database is likely to lock.
START_LOCK = 0x434F554E54


@asynccontextmanager
async def starting(dsn: str) -> AsyncIterator[None]:
    """Holds the lock of servers that start on this database; its schema is current inside.

    Raises:
        Unusable: the database can't be used, or a newer Counterfoil has migrated it.
    """
    connection = await connect(dsn)
    try:
        with startup_refusals(dsn):
            await connection.execute("select pg_advisory_lock($1)", START_LOCK)
            await _migrate(connection, dsn)
        yield
    finally:
        await connection.close()


async def _migrate(connection: Connection, dsn: str) -> None:
    current = await _revision(connection)
    if current == REVISIONS[-1]:
        return
    if current is not None and current not in REVISIONS:
        raise Unusable(
            f"the database is at schema {current}, newer than this program's "
            f"{REVISIONS[-1]}: use a newer Counterfoil"
        )
    if current is None:
        await _create(connection)
    else:
        await _upgrade(dsn)


async def _create(connection: Connection) -> None:
    """Runs every revision on an empty database, and notes the last one as Alembic does."""
    try:
        async with connection.transaction():
            for path in sorted((FOLDER / "versions").glob("[0-9]*.sql")):
                await connection.execute(path.read_text(encoding="utf-8"))
            await connection.execute(
                "create table alembic_version (version_num varchar(32) not null, "
                "constraint alembic_version_pkc primary key (version_num))"
            )
            await connection.execute("insert into alembic_version values ($1)", REVISIONS[-1])
    except asyncpg.PostgresError as error:
        raise _unmigrated(error) from error


def _unmigrated(reason: object) -> Unusable:
    return Unusable(
        f"can't bring the database to schema {REVISIONS[-1]}: {reason}; its user has to be "
        "allowed to create tables there, and none of another program may be in the way"
    )


def statements_of(revision_file: str) -> list[str]:
    """The statements of the SQL file beside a revision; none of them holds `;` at a line's end."""
    text = Path(revision_file).with_suffix(".sql").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.lstrip().startswith("--"))
    return [part.strip() for part in "\n".join(lines).split(";\n") if part.strip(" \n;")]


async def _revision(connection: Connection) -> str | None:
    if await connection.fetchval("select to_regclass('alembic_version')") is None:
        return None
    revision: str | None = await connection.fetchval("select version_num from alembic_version")
    return revision


async def _upgrade(dsn: str) -> None:
    from alembic import command
    from alembic.config import Config
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.ext.asyncio import create_async_engine
    from sqlalchemy.pool import NullPool

    async def creator() -> Connection:
        return await connect(dsn)

    def run(sync_connection: Any) -> None:
        config = Config()
        # A percent sign would begin a reference to another option.
        config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
        config.attributes["connection"] = sync_connection
        command.upgrade(config, "head")

    engine = create_async_engine("postgresql+asyncpg://", async_creator=creator, poolclass=NullPool)
    try:
        async with engine.begin() as migrating:
            await migrating.run_sync(run)
    except DBAPIError as error:
        reason = getattr(error.orig, "__cause__", None) or error.orig
        raise _unmigrated(reason) from error
    finally:
        await engine.dispose()
