"""Opening a ledger for a program: what a server does at its start, but for the server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from counterfoil.clock import Clock
from counterfoil.domain.account import Caller
from counterfoil.ledger.accounts import operator
from counterfoil.settings import Settings
from counterfoil.store.database import Database
from counterfoil.store.migrate import starting
from counterfoil.store.reaching import reachable
from counterfoil.telemetry import log_as_a_library


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[tuple[Database, Caller]]:
    """The database at the current schema, while the block runs, and the platform's operator.

    Raises:
        Unusable: the folder or database can't be used; one line says why.
    """
    log_as_a_library()
    async with reachable(settings.database, settings.data) as dsn:
        database = None
        try:
            async with starting(dsn):
                database = await Database.open(dsn)
                async with database.transaction() as connection:
                    acting = await operator(connection, Clock().ledger())
            yield database, acting
        finally:
            if database is not None:
                await database.close()
