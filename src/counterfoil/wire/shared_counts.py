"""Counts that several servers share, in a Redis or Valkey.

Rates protect; they are no books. While the store can't be reached each server counts for itself,
and looks for it again every second: nobody is refused, or let through without end, for its sake.
"""

from typing import Any, cast

import structlog
from limits.errors import StorageError
from limits.storage import MemoryStorage

from counterfoil.clock import Clock
from counterfoil.domain.errors import Unusable
from counterfoil.wire.host_counts import HostCounts

log = structlog.get_logger()

_ANSWER_S = 0.5
_LOOK_AGAIN_S = 1.0
_CONNECTIONS = 16


class SharedCounts:
    """Opened with a URL: `redis://HOST:PORT/DB`, `rediss://…`, `unix:///PATH`; `own` are the counts
    to go on with while nothing answers there."""

    def __init__(self, url: str, own: HostCounts | MemoryStorage) -> None:
        # Late, since most servers do without.
        from limits.aio.storage import RedisStorage
        from redis.asyncio import BlockingConnectionPool
        from redis.asyncio.retry import Retry
        from redis.backoff import NoBackoff

        try:
            self._pool = BlockingConnectionPool.from_url(
                url,
                max_connections=_CONNECTIONS,
                timeout=_ANSWER_S,
                socket_timeout=_ANSWER_S,
                socket_connect_timeout=_ANSWER_S,
                retry=Retry(NoBackoff(), 0),
            )
        except ValueError:  # its text may quote a piece of the password
            raise Unusable(
                "--rate-store: write redis://:PASSWORD@HOST:PORT/DB, rediss://… or unix:///PATH, "
                "with special characters as %XX"
            ) from None
        self._shared = RedisStorage(
            "async+redis://",
            wrap_exceptions=True,
            implementation="redispy",
            key_prefix="counterfoil",
            connection_pool=cast(Any, self._pool),
        )
        self._own = own
        self._look_again_at_s = 0.0

    async def incr(self, key: str, kept_s: int) -> int:
        """Adds one to a count that is kept for a while; the count."""
        if Clock.elapsed() >= self._look_again_at_s:
            try:
                return await self._shared.incr(key, kept_s)
            except (StorageError, OSError) as error:
                self._look_again_at_s = Clock.elapsed() + _LOOK_AGAIN_S
                log.warning("rate_store_unavailable", cause=str(error))
        return self._own.incr(key, kept_s)

    async def close(self) -> None:
        """Closes its connections."""
        await self._pool.disconnect()
