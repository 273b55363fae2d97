"""The schema comes out the same however a database gets there, and what was posted stays so."""

import asyncio
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool
from tests.books import StoppedClock, charge, grant, issue, migrate, opened, plant
from tests.databases import as_superuser, new_database, query
from tests.store.owner_process import installed_package

from counterfoil.ledger.process import Process
from counterfoil.store import embedded
from counterfoil.store.database import connect
from counterfoil.store.embedded import cluster
from counterfoil.store.migrate import FOLDER, REVISIONS, starting

JOURNAL = ("usage", "movement", "pool_movement", "idempotency")


@pytest.fixture(scope="module")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The DSN of the superuser of a PostgreSQL for this module."""
    folder = tmp_path_factory.mktemp("postgresql") / "data"
    server = embedded.start(folder)
    yield as_superuser(embedded.dsn(folder))
    server.stop()


@pytest.fixture
def empty(postgresql: str) -> Iterator[str]:
    """The DSN of an empty database of the service's role, which is no superuser."""
    with new_database(postgresql, f"owner {cluster.ROLE}") as dsn:
        yield _as_service(dsn)


@pytest.fixture
def fresh(postgresql: str) -> Iterator[str]:
    """The same, brought to the newest schema at once."""
    with new_database(postgresql, f"owner {cluster.ROLE}") as dsn:
        asyncio.run(_start(_as_service(dsn)))
        yield _as_service(dsn)


def _as_service(dsn: str) -> str:
    return dsn.replace(f"//{cluster.SUPERUSER}@", f"//{cluster.ROLE}@")


async def _start(dsn: str) -> None:
    async with starting(dsn):
        pass


def dump(dsn: str) -> str:
    """Everything in a database as pg_dump writes it, but for its key against injection."""
    program = installed_package() / "pginstall" / "bin" / "pg_dump"
    done = subprocess.run([program, dsn], capture_output=True, text=True, check=True)
    return "\n".join(
        line for line in done.stdout.splitlines() if "restrict" not in line.partition(" ")[0]
    )


def test_step_by_step_gives_what_a_fresh_start_gives(empty: str, fresh: str) -> None:
    for revision in REVISIONS:
        asyncio.run(_upgrade(empty, revision))
    assert dump(empty) == dump(fresh)


async def _upgrade(dsn: str, revision: str) -> None:
    """Brings a database to one revision."""

    async def creator() -> Any:
        return await connect(dsn)

    def run(connection: Any) -> None:
        config = Config()
        config.set_main_option("script_location", str(FOLDER))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    engine = create_async_engine("postgresql+asyncpg://", async_creator=creator, poolclass=NullPool)
    async with engine.begin() as connection:
        await connection.run_sync(run)
    await engine.dispose()


def test_revisions_form_one_line_each_with_its_sql() -> None:
    files = sorted(path.name for path in (FOLDER / "versions").iterdir() if path.is_file())
    stems = {Path(name).stem for name in files}
    assert files == sorted(f"{stem}{end}" for stem in stems for end in (".py", ".sql"))
    assert sorted(stem.partition("_")[0] for stem in stems) == REVISIONS


def test_starting_again_changes_nothing(fresh: str) -> None:
    before = dump(fresh)
    asyncio.run(_start(fresh))
    assert dump(fresh) == before
    assert query(fresh, "select version_num from alembic_version") == [(REVISIONS[-1],)]


def test_the_service_can_add_to_the_journal_and_change_nothing_in_it(fresh: str) -> None:
    asyncio.run(_write(fresh))
    assert query(fresh, "select current_user::text") == [(cluster.ROLE,)]
    for table in JOURNAL:
        rows = query(fresh, f"select * from {table}")  # noqa: S608  # names of ours
        assert rows
        for change in (
            f"update {table} set operation_id = 0",  # noqa: S608
            f"delete from {table}",  # noqa: S608
            f"truncate {table}",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                query(fresh, change)
        assert query(fresh, f"select * from {table}") == rows  # noqa: S608
    audit = ("update audit set code = ''", "delete from audit", "truncate audit")
    for change in (*audit, "delete from terms", "truncate terms cascade"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            query(fresh, change)


async def _write(dsn: str) -> None:
    """At least one row in every table of the journal."""
    await migrate(dsn)
    async with opened(dsn) as database:
        tree = await plant(database)
        process = Process(database, StoppedClock())
        await process.run([grant(tree.platform, tree.reseller.main_uin, 100)])
        await process.run([issue(tree.reseller, tree.customer, 100)])
        await process.run([charge(tree.reseller, tree.customer, 40)])
