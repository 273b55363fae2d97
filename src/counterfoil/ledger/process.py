"""Every write, once: claim the token, read, decide in memory, write with a guard, commit, answer.

Writes that arrive together share a transaction. Each is decided on what the one before it left; one
that is refused changes nothing and fails alone. Nothing is locked while deciding: the vouchers,
holds and pools that are written must still be at the version that was read, or the whole batch is
tried again from its tokens on; after a few conflicts its vouchers are locked first.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

import structlog

from counterfoil.clock import Clock
from counterfoil.domain.errors import Conflict, Unavailable
from counterfoil.ledger.batch import Batch
from counterfoil.ledger.command import Command, Poison
from counterfoil.ledger.terms import settle_terms
from counterfoil.store import journal
from counterfoil.store.database import Database
from counterfoil.store.gather import Gather
from counterfoil.store.ids import IdBlocks

log = structlog.get_logger()

OPTIMISTIC_TRIES = 3
TRIES_MAX = 12
BATCH_MAX = 2_000
_PAUSE_S = 0.002
ID_KINDS = ("usage", "movement", "operation", "hold", "voucher")


class Process:
    """Runs writes; one for each server."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._ids = IdBlocks(database, ID_KINDS)
        self._vouchers = journal.VoucherReader()
        self._batches = Gather(self._run_all, batch_max=BATCH_MAX, in_flight_max=1, weight=len)

    async def run(self, commands: Sequence[Command]) -> list[Any]:
        """The answer of each write, or the error that refused it.

        Raises:
            Unavailable: the database can't be reached; what became of the writes, their tokens
                will tell.
        """
        return await self._batches.ask(commands)

    async def _run_all(self, asked: Sequence[Sequence[Command]]) -> list[list[Any]]:
        answers = iter(await self._persist([command for one in asked for command in one]))
        return [[next(answers) for _ in one] for one in asked]

    async def _persist(self, commands: Sequence[Command]) -> list[Any]:
        """Tries the batch until no other writer comes between."""
        failed: dict[int, Exception] = {}
        terms = await settle_terms(self._database, commands)
        for attempt in range(TRIES_MAX):
            await self._ids.refill()
            live = [command for command in commands if id(command) not in failed]
            try:
                async with self._database.transaction() as connection:
                    batch = Batch(connection, self._ids, self._vouchers, self._clock, terms)
                    answers = await batch.run(live, is_locking=attempt >= OPTIMISTIC_TRIES)
            except Conflict:
                log.info("write_conflict", attempt=attempt, writes=len(live))
                await asyncio.sleep(_PAUSE_S * attempt)
                continue
            except Poison as poison:
                log.error("write_failed", exc_info=poison.error)
                failed[id(poison.command)] = poison.error
                continue
            given = iter(answers)
            return [failed.get(id(command)) or next(given) for command in commands]
        raise Unavailable("too many conflicting writes")
