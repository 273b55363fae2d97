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
from counterfoil.ledger.command import Command
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
        """The answers of a batch. Where something fails that nobody foresaw, its halves are run by
        themselves, down to the write that is to blame, which fails alone."""
        try:
            return await self._commit(commands)
        except Unavailable:
            raise
        except Exception as error:
            if len(commands) == 1:
                log.error("write_failed", action=commands[0].origin.action, exc_info=error)
                return [error]
        half = len(commands) // 2
        return [*await self._persist(commands[:half]), *await self._persist(commands[half:])]

    async def _commit(self, commands: Sequence[Command]) -> list[Any]:
        """Tries a batch until no other writer comes between.

        Raises:
            Unavailable: the database can't be reached, or others come between again and again.
        """
        terms = await settle_terms(self._database, commands)
        for attempt in range(TRIES_MAX):
            await self._ids.refill()
            try:
                async with self._database.transaction() as connection:
                    batch = Batch(connection, self._ids, self._vouchers, self._clock, terms)
                    return await batch.run(commands, is_locking=attempt >= OPTIMISTIC_TRIES)
            except Conflict:
                log.info("write_conflict", attempt=attempt, writes=len(commands))
                await asyncio.sleep(_PAUSE_S * attempt)
        raise Unavailable("too many conflicting writes")
