"""How often one may call: so many times in each second of the clock.

One calling identity may call one action as often as is documented; one main account, and one IP
address, may call as often in all as the settings say. A request must satisfy all of them. The epoch
second is part of each key, so a window is a wall-clock second, as documented, and nothing has to be
reset.
"""

from collections.abc import Iterator

from limits.storage import MemoryStorage

from counterfoil.actions.declaration import Answer
from counterfoil.clock import Clock
from counterfoil.domain.account import Caller
from counterfoil.settings import Settings
from counterfoil.wire.error_codes import (
    ACCOUNT_LIMIT_EXCEEDED,
    ADDRESS_LIMIT_EXCEEDED,
    REQUEST_LIMIT_EXCEEDED,
    Fault,
)
from counterfoil.wire.host_counts import HostCounts
from counterfoil.wire.routes import all_actions
from counterfoil.wire.shared_counts import SharedCounts

_KEPT_S = 2


class Throttle:
    """Counts the calls of every second: of this process; with `counts`, of all processes that share
    them; with a store of the settings', of all servers that share it."""

    def __init__(self, settings: Settings, clock: Clock, counts: HostCounts | None = None) -> None:
        self._actions = {
            action.name: settings.rate_of(action.name, action.rate) for action in all_actions()
        }
        self._account, self._address = settings.account_rate, settings.address_rate
        self._is_off = settings.no_rate_limit
        self._clock = clock
        self._counts = counts or MemoryStorage()
        store = settings.rate_store
        self._shared = SharedCounts(store, self._counts) if store else None

    async def admit(self, caller: Caller, address: str, action: str) -> None:
        """Counts one call.

        Raises:
            Fault: it is one more than a limit in this second.
        """
        if self._is_off:
            return
        second = int(self._clock.wire())
        for key, limit, refusal in self._limits(caller, address, action):
            count = await self._count(f"{second}/{key}")
            if count > limit:
                raise Fault(refusal, count=count, limit=limit)

    def _limits(
        self, caller: Caller, address: str, action: str
    ) -> Iterator[tuple[str, int, Answer]]:
        """What is counted, how high it may go, and what is said beyond; the narrowest first."""
        of_action = self._actions.get(action)
        if of_action is not None:
            yield f"{caller.uin}/{action}", of_action, REQUEST_LIMIT_EXCEEDED
        if self._account is not None:
            yield f"account {caller.main_uin}", self._account, ACCOUNT_LIMIT_EXCEEDED
        if self._address is not None:
            yield f"address {address}", self._address, ADDRESS_LIMIT_EXCEEDED

    async def _count(self, key: str) -> int:
        if self._shared is None:
            return self._counts.incr(key, _KEPT_S)
        return await self._shared.incr(key, _KEPT_S)

    async def close(self) -> None:
        """Closes connections to the store."""
        if self._shared is not None:
            await self._shared.close()
