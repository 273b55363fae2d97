"""A pool of connections to one PostgreSQL, and what its refusals mean.

Every driver error that says "not reachable just now" leaves this module as `Unavailable`; any
other is a defect of ours and passes through as it is.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any, TypeAlias

import asyncpg

from counterfoil.domain.errors import Conflict, Unavailable, Unusable

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

_CONNECT_S = 10
# A session keeps a plan until its tables are analyzed. One that was made on nearly empty tables is
# not kept for longer than this many statements.
_QUERIES_MAX = 10_000

# One round trip. The wait is shorter than PostgreSQL's own before it looks for a deadlock.
_BEGIN_WRITING = "begin; set local lock_timeout = '100ms'"

# A partner's customers go into a hash, however many they are: beyond this memory PostgreSQL would
# look through all of them for each voucher.
_SURVEYING = """
    set local plan_cache_mode = force_custom_plan;
    set local hash_mem_multiplier = 64
"""

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
    asyncpg.InternalClientError,  # the driver has lost step with a server that died under it
)

_REFUSALS = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)

# Another writer came first: its token, its id, its lock or its snapshot.
_CONFLICTS = (
    asyncpg.UniqueViolationError,
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.LockNotAvailableError,
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
        with startup_refusals(dsn):
            pool = await asyncpg.create_pool(
                dsn,
                min_size=1,
                max_size=connections,
                max_queries=_QUERIES_MAX,
                timeout=_CONNECT_S,
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
        async with self._borrowed() as connection:
            rows: Sequence[Row] = await connection.fetch(sql, *parameters)
        return rows

    async def is_answering(self, within_s: float) -> bool:
        """Whether the database can be reached just now."""
        try:
            async with asyncio.timeout(within_s):
                await self.fetch("select 1")
        except (Unavailable, TimeoutError):
            return False
        return True

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A connection inside a transaction: committed at the end, rolled back on an exception.

        Raises:
            Unavailable: the database can't be reached just now; whether a commit that was under
                way took effect is then unknown.
        """
        async with self._borrowed() as connection, connection.transaction():
            yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Connection]:
        """Like `transaction`, but finding a row in the hands of another writer for long is a
        `Conflict`: a statement locks its rows in whatever order its plan comes upon them, so two
        writers of the same rows could wait for each other.

        Raises:
            Conflict: another writer came first.
            Unavailable: as for `transaction`.
        """
        async with self._borrowed() as connection:
            await connection.execute(_BEGIN_WRITING)
            try:
                yield connection
            except BaseException:
                if not connection.is_closed():
                    await connection.execute("rollback")
                raise
            await connection.execute("commit")

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Connection]:
        """A connection that can't write and sees the database as it is now, whatever is written
        meanwhile. Nobody waits for it; while it lasts, nothing that was replaced is cleaned up.

        Raises:
            Unavailable: the database can't be reached just now.
        """
        async with (
            self._borrowed() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            yield connection

    @asynccontextmanager
    async def survey(self) -> AsyncIterator[Connection]:
        """A snapshot for lists with many filters: a statement is planned for those that are given,
        not once for all, so that an absent one costs nothing and a narrow one finds its index.

        Raises:
            Unavailable: the database can't be reached just now.
        """
        async with self.snapshot() as connection:
            await connection.execute(_SURVEYING)
            yield connection

    @asynccontextmanager
    async def _borrowed(self) -> AsyncIterator[Connection]:
        with _unavailable():
            async with self._pool.acquire(timeout=10) as connection:
                try:
                    yield connection
                except asyncpg.InternalClientError:
                    connection.terminate()  # or the pool would lend it again
                    raise


async def connect(dsn: str) -> Connection:
    """One connection of its own, for work before the pool is there.

    Raises:
        Unusable: as for `Database.open`.
    """
    with startup_refusals(dsn):
        # Servers wait for each other to start; no time limit of the database's own cuts that short.
        connection = await asyncpg.connect(
            dsn,
            timeout=_CONNECT_S,
            server_settings={"TimeZone": "UTC", "statement_timeout": "0", "lock_timeout": "0"},
        )
        refusal = _unfit(connection)
        if refusal:
            await connection.close()
            raise Unusable(refusal)
    return connection


def _unfit(connection: Connection) -> str:
    """Why we can't work on this database; empty when we can."""
    if connection.get_server_version().major < OLDEST_SERVER:
        return f"the database server is older than PostgreSQL {OLDEST_SERVER}: use a newer one"
    encoding = connection.get_settings().server_encoding
    if encoding != "UTF8":
        return f"the database is encoded in {encoding}: use one that was made with encoding 'UTF8'"
    return ""


async def _keep(_: Connection) -> None:
    """Hands a connection back as it is: we set nothing on a session, so there is nothing to undo,
    and the driver's own reset would cost a round trip."""


@contextmanager
def _unavailable() -> Iterator[None]:
    try:
        yield
    except _CONFLICTS as error:
        raise Conflict from error
    except _UNREACHABLE as error:
        if isinstance(error, ValueError):  # the driver can't encode a value: no retry will help
            raise
        raise Unavailable(f"{type(error).__name__}: {error}") from error


@contextmanager
def startup_refusals(dsn: str) -> Iterator[None]:
    """Turns what the server of `dsn` refuses while we start into `Unusable`."""
    shown = _without_password(dsn)
    try:
        yield
    except TimeoutError as error:  # an OSError that says nothing
        raise Unusable(f"can't use the database {shown}: no answer in {_CONNECT_S} s") from error
    except (*_REFUSALS, OSError) as error:
        reason = getattr(error, "strerror", None) or error
        raise Unusable(f"can't use the database {shown}: {reason}") from error
    except ValueError as error:  # its text may quote a piece of the password
        raise Unusable(
            f"can't read the DSN {shown}: it has the form "
            "postgresql://USER:PASSWORD@HOST:PORT/DATABASE, with special characters as %XX"
        ) from error


def _without_password(dsn: str) -> str:
    """The DSN as it may be printed."""
    scheme, separator, rest = dsn.partition("://")
    if not separator:
        return "that was given"
    login, at, place = rest.rpartition("@")
    place = re.sub(r"(?i)(password=)[^&]*", r"\1…", place)
    return f"{scheme}://{login.partition(':')[0]}{at}{place}"
