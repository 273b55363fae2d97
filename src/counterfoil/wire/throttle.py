"""How often one calling identity may call one action: so many times in each second of the clock.

The epoch second is part of the key, so a window is a wall-clock second, as documented, and nothing
has to be reset.
"""

from limits.storage import MemoryStorage

from counterfoil.clock import Clock
from counterfoil.domain.account import Caller
from counterfoil.wire.error_codes import REQUEST_LIMIT_EXCEEDED, Fault
from counterfoil.wire.shared_counts import SharedCounts

_KEPT_S = 2


class Throttle:
    """Counts the calls of every second: of this server, or with `shared` of all that share it."""

    def __init__(self, clock: Clock, shared: SharedCounts | None = None) -> None:
        self._clock = clock
        self._shared = shared
        self._counts = MemoryStorage()

    async def admit(self, caller: Caller, action: str, limit: int) -> None:
        """Counts one call.

        Raises:
            Fault: it is one more than `limit` in this second.
        """
        key = f"{int(self._clock.wire())}/{caller.uin}/{action}"
        if self._shared is None:
            count = self._counts.incr(key, _KEPT_S)
        else:
            count = await self._shared.incr(key, _KEPT_S)
        if count > limit:
            raise Fault(REQUEST_LIMIT_EXCEEDED, count=count, limit=limit)
