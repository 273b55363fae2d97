"""The database that is meant: the one with a given DSN, or the embedded server of a data folder,
which is started, watched and stopped in the end."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import structlog

from counterfoil.domain.errors import Unusable
from counterfoil.store import embedded

log = structlog.get_logger()

_WATCH_S = 0.5


@contextlib.asynccontextmanager
async def reachable(dsn: str | None, data: Path) -> AsyncIterator[str]:
    """The DSN to connect to while the block runs; without `dsn`, of the embedded server of `data`.

    Raises:
        Unusable: the folder, its cluster or the programs can't be used; one line says why.
    """
    if dsn is not None:
        yield dsn
        return
    server = await _started(data)
    watch = asyncio.create_task(_watch(server))
    try:
        yield embedded.dsn(data)
    finally:
        watch.cancel()
        await asyncio.to_thread(server.stop)


async def _started(data: Path) -> embedded.Server:
    """Starts PostgreSQL. Told to stop meanwhile, we wait for it: nobody else would stop it."""
    start = asyncio.create_task(asyncio.to_thread(embedded.start, data))
    try:
        return await asyncio.shield(start)
    except asyncio.CancelledError:
        with contextlib.suppress(Unusable):
            server = await start
            await asyncio.to_thread(server.stop)
        raise


async def _watch(server: embedded.Server) -> None:
    """Restarts PostgreSQL when it dies under us."""
    while True:
        await asyncio.sleep(_WATCH_S)
        if server.is_running():
            continue
        log.error("postgresql_died")
        try:
            await asyncio.to_thread(server.ensure_running)
            log.warning("postgresql_restarted")
        except Unusable as error:
            log.error("postgresql_not_restarted", cause=str(error))
