"""When keys were last used: noted with every request, written once a minute and at the end."""

import asyncio
from datetime import UTC, datetime
from typing import NoReturn

import structlog

from counterfoil.access.sessions import is_temporary
from counterfoil.clock import Clock
from counterfoil.domain.errors import Conflict, Unavailable
from counterfoil.store.database import Database
from counterfoil.store.identities import note_uses

log = structlog.get_logger()

PAUSE_S = 60.0


class Uses:
    """The uses of keys that one server has seen since it wrote them last."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._last_s: dict[str, float] = {}

    def note(self, secret_id: str) -> None:
        """A request was signed with a key; temporary ones are not kept."""
        if not is_temporary(secret_id):
            self._last_s[secret_id] = self._clock.wire()

    async def run(self) -> NoReturn:
        """Writes what was noted, again and again, until cancelled; then writes the rest."""
        try:
            while True:
                await asyncio.sleep(PAUSE_S)
                await self._flush()
        finally:
            await self._flush()

    async def _flush(self) -> None:
        noted, self._last_s = self._last_s, {}
        uses = [(name, datetime.fromtimestamp(at_s, UTC)) for name, at_s in sorted(noted.items())]
        try:
            if uses:
                await note_uses(self._database, uses)
        except (Unavailable, Conflict) as error:
            self._last_s = noted | self._last_s
            log.debug("uses_unavailable", cause=str(error))
        except Exception as error:
            log.error("uses_failed", exc_info=error)
