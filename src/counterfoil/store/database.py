"""A pool of connections to one PostgreSQL, and what its refusals mean.

Every driver error that says "not reachable just now" leaves this module as `Unavailable`; any
other is a defect of ours and passes through as it is.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any, TypeAlias

import asyncpg

from counterfoil.domain.errors import Unavailable, Unusable

OLDEST_SERVER = 15

# What the service's sessions run under. Statements over `unnest(…)` cost more to plan than to run,
# hence one plan for all; texts of instants must come in one known form.
SESSION = {
    "application_name": "counterfoil",
    "plan_cache_mode": "force_generic_plan",
    "jit": "off",
    "DateStyle": "ISO",
    "TimeZone": "UTC",
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "30s",
}

_UNREACHABLE = (
    OSError,
    asyncio.TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.QueryCanceledError,
    asyncpg.DiskFullError,
    asyncpg.ReadOnlySQLTransactionError,
)

Connection: TypeAlias = Any  # the driver's connection; it brings no types
Row: TypeAlias = Any  # a driver's record: read by column name


class Database:
    """Opened with `Database.open`; closed with `close`."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    @classmethod
    async def open(cls, dsn: str, *, connections: int = 8) -> "Database":
        """Connects to `dsn`.

        Raises:
            Unusable: no server answers there, it refuses the login, or it is too old.
        """
        with _startup_refusals(dsn):
            pool = await asyncpg.create_pool(
                dsn,
                min_size=1,
                max_size=connections,
                timeout=10,
                command_timeout=60,
                server_settings=SESSION,
                reset=_keep,
            )
        return cls(pool)

    async def close(self) -> None:
        """Closes every connection; waits up to 5 s for statements under way."""
        try:
            await asyncio.wait_for(self._pool.close(), timeout=5)
        except (TimeoutError, *_UNREACHABLE):
            self._pool.terminate()

    async def fetch(self, sql: str, *parameters: object) -> Sequence[Row]:
        """All rows of one statement.

        Raises:
            Unavailable: the database can't be reached just now.
        """
        with _unavailable():
            async with self._pool.acquire(timeout=10) as connection:
                rows: Sequence[Row] = await connection.fetch(sql, *parameters)
        return rows

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A connection inside a transaction: committed at the end, rolled back on an exception.

        Raises:
            Unavailable: the database can't be reached just now; whether a commit that was under
                way took effect is then unknown.
        """
        with _unavailable():
            async with self._pool.acquire(timeout=10) as connection, connection.transaction():
                yield connection


async def connect(dsn: str) -> Connection:
    """One connection of its own, for work before the pool is there.

    Raises:
        Unusable: as for `Database.open`.
    """
    with _startup_refusals(dsn):
        connection = await asyncpg.connect(dsn, timeout=10, server_settings={"TimeZone": "UTC"})
        if connection.get_server_version().major < OLDEST_SERVER:
            await connection.close()
            raise Unusable(f"the database server is older than PostgreSQL {OLDEST_SERVER}")
    return connection


async def _keep(_: Connection) -> None:
    """Hands a connection back as it is: we set nothing on a session, so there is nothing to undo,
    and the driver's own reset would cost a round trip."""


@contextmanager
def _unavailable() -> Iterator[None]:
    try:
        yield
    except _UNREACHABLE as error:
        raise Unavailable(f"{type(error).__name__}: {error}") from error


@contextmanager
def _startup_refusals(dsn: str) -> Iterator[None]:
    try:
        yield
    except (asyncpg.PostgresError, asyncpg.ClientConfigurationError, OSError, ValueError) as error:
        raise Unusable(f"can't use the database {_without_password(dsn)}: {error}") from error
    except TimeoutError as error:
        raise Unusable(
            f"can't use the database {_without_password(dsn)}: no answer in 10 s"
        ) from error


def _without_password(dsn: str) -> str:
    """The DSN as it may be printed."""
    head, at, tail = dsn.rpartition("@")
    scheme, separator, login = head.partition("://")
    return f"{scheme}{separator}{login.partition(':')[0]}{at}{tail}" if at else dsn
