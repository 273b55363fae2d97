"""Setting up: writes to the reference tables (accounts, catalogue, keys).

They are rare and small, so each has a transaction of its own, in which its token is claimed, the
change is made and the answer is remembered; a refusal undoes it all and leaves no token.
"""

import asyncio
from datetime import datetime
from typing import Any, Protocol

from counterfoil.clock import Clock
from counterfoil.domain.errors import Conflict, TokenReused, Unavailable
from counterfoil.ledger.command import Origin
from counterfoil.ledger.results import Result, recall, remember
from counterfoil.store.bulk import take_ids
from counterfoil.store.database import Connection, Database
from counterfoil.store.journal import find_tokens
from counterfoil.store.posting import Remembered, append_tokens

TRIES_MAX = 12
_PAUSE_S = 0.002


class Change(Protocol):
    """A change that somebody asked for; `owner_uin` is the account it is about."""

    @property
    def origin(self) -> Origin: ...
    @property
    def owner_uin(self) -> int: ...

    async def apply(self, connection: Connection, now: datetime) -> Result:
        """Makes it, or refuses; whatever it wrote before it refused is undone."""


class SetUp:
    """Makes changes, each once."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def run(self, change: Change) -> Any:
        """The answer to a change, or to the one that came before under its token.

        Raises:
            TokenReused: the token came before with another request.
            CounterfoilError: whatever the change refuses.
            Unavailable: the database can't be reached; whether the change was made, its token will
                tell.
        """
        for attempt in range(TRIES_MAX):
            try:
                async with self._database.transaction() as connection:
                    return await self._make(connection, change)
            except Conflict:
                await asyncio.sleep(_PAUSE_S * attempt)
        raise Unavailable("too many conflicting changes")

    async def _make(self, connection: Connection, change: Change) -> Result:
        origin = change.origin
        assert origin.token is not None
        token = (change.owner_uin, origin.caller.main_uin, origin.token)
        kept = (await find_tokens(connection, [token])).get(token)
        if kept is not None:
            if kept.digest != origin.digest:
                raise TokenReused
            return recall(change.owner_uin, kept.answer, {})
        now = self._clock.ledger()
        answer = await change.apply(connection, now)
        operation_id = await take_ids(connection, "operation", 1)
        remembered = Remembered(
            *token, origin.action, origin.digest, operation_id, remember(answer)
        )
        await append_tokens(connection, [remembered], now)
        return answer
