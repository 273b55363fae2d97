"""Posts what is due although nobody writes: vouchers that have ended, holds past their deadline.

A task of each server. Nothing that callers see waits for it: reading takes what is due as posted,
and an issue that lacks quota posts what its pool is due. Several servers may sweep at once: the
second to come finds nothing left to post.
"""

import asyncio
from typing import NoReturn

import structlog

from counterfoil.clock import Clock
from counterfoil.domain.errors import Unavailable
from counterfoil.ledger.ending import Sweep, sweep
from counterfoil.ledger.process import Process
from counterfoil.store.database import Database
from counterfoil.store.due import ended_vouchers, owners_of_late_holds

log = structlog.get_logger()

PAUSE_S = 2.0
# Small, since callers' writes share a transaction with it.
BATCH_MAX = 200


class Sweeper:
    """Sweeps through the process that callers' writes go through."""

    def __init__(self, database: Database, process: Process, clock: Clock) -> None:
        self._database = database
        self._process = process
        self._clock = clock

    async def run(self) -> NoReturn:
        """Sweeps every few seconds until cancelled, whatever happens."""
        while True:
            try:
                await self.sweep()
            except Unavailable as error:  # whoever watches the database, and callers, say so louder
                log.debug("sweep_unavailable", cause=str(error))
            except Exception as error:
                log.error("sweep_failed", exc_info=error)
            await asyncio.sleep(PAUSE_S)

    async def sweep(self) -> None:
        """Posts all that is due now.

        Raises:
            Unavailable: the database can't be reached just now.
        """
        before: list[Sweep] = []
        while (due := await self._due()) and due != before:
            await self._process.run(due)
            before = due  # found again, it can't be posted; the process has logged why

    async def _due(self) -> list[Sweep]:
        """The next of what is due; a sweep of no voucher is for its owner's holds."""
        now = self._clock.ledger()
        return [
            *(
                sweep(owner_uin)
                for owner_uin in await owners_of_late_holds(self._database, now, BATCH_MAX)
            ),
            *(
                sweep(owner_uin, voucher_no)
                for owner_uin, voucher_no in await ended_vouchers(self._database, now, BATCH_MAX)
            ),
        ]
