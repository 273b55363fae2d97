"""What is looked up for callers, kept for one second: changes hold within that second everywhere,
and many requests share one look."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Generic, TypeVar

from counterfoil.clock import Clock
from counterfoil.store.gather import Gather

KEPT_S = 1.0
_KEPT_MAX = 10_000

Key = TypeVar("Key", bound=Hashable)
Stored = TypeVar("Stored")
Value = TypeVar("Value")


class Fresh(Generic[Key, Stored, Value]):
    """`look_up` finds what is stored for many keys at once, `read` makes of it what is kept."""

    def __init__(
        self,
        look_up: Callable[[Sequence[Key]], Awaitable[Sequence[Stored]]],
        read: Callable[[Key, Stored], Value],
        clock: Clock,
    ) -> None:
        self._stored = Gather(look_up)
        self._read = read
        self._clock = clock
        self._kept: OrderedDict[Key, tuple[float, Value]] = OrderedDict()

    async def find(self, key: Key) -> Value:
        """What there is for a key, at most a second old.

        Raises:
            Unavailable: the database can't be reached just now.
        """
        now_s = self._clock.elapsed()
        kept = self._kept.get(key)
        if kept is not None and now_s - kept[0] < KEPT_S:
            return kept[1]
        value = self._read(key, await self._stored.ask(key))
        self._kept[key] = (now_s, value)
        self._kept.move_to_end(key)
        if len(self._kept) > _KEPT_MAX:
            self._kept.popitem(last=False)
        return value
