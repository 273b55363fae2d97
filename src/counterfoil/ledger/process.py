"""Every write, once: claim the token, read, decide in memory, write with a guard, commit, answer.

Writes that arrive together share a transaction. Each is decided on what the one before it left; one
that is refused changes nothing and fails alone. Nothing is locked while deciding: the vouchers,
holds and pools that are written must still be at the version that was read. Writes whose vouchers
others wrote meanwhile are tried again from their tokens on, with the whole batch where they can't
be told apart; after a few conflicts their vouchers are locked first.
"""

import asyncio
from collections.abc import Collection, Sequence
from typing import Any

import structlog

from counterfoil.clock import Clock
from counterfoil.domain.errors import Conflict, QuotaInsufficient, Unavailable
from counterfoil.ledger.batch import Batch
from counterfoil.ledger.command import Command, Write, write_of
from counterfoil.ledger.ending import sweep
from counterfoil.ledger.queue import WriteQueue
from counterfoil.ledger.terms import settle_terms
from counterfoil.store.database import Database
from counterfoil.store.due import vouchers_owing_quota
from counterfoil.store.ids import IdBlocks
from counterfoil.store.reader import INSTALMENTS, Reader

log = structlog.get_logger()

OPTIMISTIC_TRIES = 3
TRIES_MAX = 12
BATCH_MAX = 1_000
BESIDE_MIN = 24
IN_FLIGHT_MAX = 3
_PAUSE_S = 0.002
ID_KINDS = ("usage", "movement", "operation", "hold", "voucher")


class Process:
    """Runs writes; one for each server."""

    def __init__(
        self, database: Database, clock: Clock, instalments: Sequence[int] = INSTALMENTS
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = IdBlocks(database, ID_KINDS)
        self._reader = Reader(instalments)
        self._queue = WriteQueue(self._persist, BATCH_MAX, BESIDE_MIN, IN_FLIGHT_MAX)

    async def run(self, commands: Sequence[Command]) -> list[Any]:
        """The answer of each write, or the error that refused it. One that lacks quota is tried
        once more after what is due to come back: quota that is shown can be issued.

        Raises:
            Unavailable: the database can't be reached; what became of the writes, their tokens
                will tell.
        """
        writes = [write_of(command) for command in commands]
        answers = await self._queue.ask(writes)
        short = [n for n, answer in enumerate(answers) if isinstance(answer, QuotaInsufficient)]
        if short and await self._bring_back({uin for n in short for uin in writes[n].needs.pools}):
            again = await self._queue.ask([writes[n] for n in short])
            for n, answer in zip(short, again, strict=True):
                answers[n] = answer
        return answers

    async def _bring_back(self, partner_uins: Collection[int]) -> bool:
        """Posts what is due to come back to these pools, a batch of it at most; whether there was
        any."""
        due = await vouchers_owing_quota(
            self._database, partner_uins, self._clock.ledger(), BATCH_MAX
        )
        await self._queue.ask([write_of(sweep(*voucher)) for voucher in due])
        return bool(due)

    async def _persist(self, writes: Sequence[Write]) -> list[Any]:
        """The answers of a batch. What others overtook is run again by itself, and answered
        `Unavailable` if that comes to nothing, for the rest is committed. Where something fails
        that nobody foresaw, the batch's halves are run by themselves, down to the write that is to
        blame, which fails alone."""
        try:
            answers = await self._commit(writes)
        except Unavailable:
            raise
        except Exception as error:
            if len(writes) == 1:
                log.error("write_failed", action=writes[0].command.origin.action, exc_info=error)
                return [error]
            half = len(writes) // 2
            return [*await self._persist(writes[:half]), *await self._persist(writes[half:])]
        overtaken = [n for n, answer in enumerate(answers) if isinstance(answer, Conflict)]
        if overtaken:
            log.info("write_conflict", attempt=0, writes=len(overtaken))
            try:
                again = await self._persist([writes[n] for n in overtaken])
            except Unavailable as error:
                again = [error] * len(overtaken)
            for n, answer in zip(overtaken, again, strict=True):
                answers[n] = answer
        return answers

    async def _commit(self, writes: Sequence[Write]) -> list[Any]:
        """Tries a batch until some of it is committed: all, but for writes that others overtook,
        whose answer is the `Conflict`.

        Raises:
            Unavailable: the database can't be reached, or others come between again and again.
        """
        terms = await settle_terms(self._database, writes)
        for attempt in range(TRIES_MAX):
            await self._ids.refill()
            try:
                async with self._database.writing() as connection:
                    batch = Batch(connection, self._ids, self._reader, self._clock, terms)
                    answers = await batch.run(writes, is_locking=attempt >= OPTIMISTIC_TRIES)
                if not all(isinstance(answer, Conflict) for answer in answers):
                    return answers
            except Conflict:
                pass
            log.info("write_conflict", attempt=attempt, writes=len(writes))
            await asyncio.sleep(_PAUSE_S * attempt)
        raise Unavailable("too many conflicting writes")
