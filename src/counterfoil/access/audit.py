"""Who did what: one row for every write and for every refusal of a caller who was known.

A request only adds a row to a list; rows are written in bulk, at most a second later, and when the
server stops. What was noted within that second is lost when the server is killed. While the
database is gone rows wait, up to a limit. A row may be there twice, under one request id, where the
database was lost just as it was written. No row holds a secret.
"""

import asyncio
from datetime import UTC, datetime
from typing import NoReturn
from uuid import UUID

import structlog

from counterfoil.clock import Clock
from counterfoil.domain.account import Caller
from counterfoil.domain.errors import Conflict, Unavailable
from counterfoil.store.audit import AuditRow, append_audit
from counterfoil.store.database import Database

log = structlog.get_logger()

PAUSE_S = 0.5
WAITING_MAX = 100_000
# Few enough that writing them holds nobody up.
_BATCH_MAX = 2_000
_TEXT_MAX = 128


class Audit:
    """The audit of one server."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._waiting: list[AuditRow] = []
        self._lost_count = 0

    def note(
        self,
        caller: Caller,
        *,
        secret_id: str,
        address: str,
        operation: tuple[str, str],
        request_id: str,
        code: str,
        refused_count: int,
    ) -> None:
        """Adds a row; `operation` is the service and the action that were meant."""
        if len(self._waiting) >= WAITING_MAX:
            self._lost_count += 1
            return
        service, action = map(_kept, operation)
        row = AuditRow(
            datetime.fromtimestamp(self._clock.wire(), UTC),
            UUID(request_id),
            caller.main_uin,
            caller.uin,
            caller.session,
            secret_id,
            address,
            service,
            action,
            code,
            refused_count,
        )
        self._waiting.append(row)

    async def run(self) -> NoReturn:
        """Writes what waits, again and again, until cancelled; then writes the rest."""
        try:
            while True:
                await asyncio.sleep(PAUSE_S)
                await self._flush()
        finally:
            await self._flush()

    async def _flush(self) -> None:
        """Writes what waits, as far as the database lets it."""
        if self._lost_count:
            log.error("audit_lost", rows=self._lost_count)
            self._lost_count = 0
        while batch := self._waiting[:_BATCH_MAX]:
            try:
                async with self._database.transaction() as connection:
                    await append_audit(connection, batch)
            except (Unavailable, Conflict) as error:
                log.debug("audit_unavailable", cause=str(error))
                return
            except Exception as error:
                log.error("audit_failed", rows=len(self._waiting), exc_info=error)
                return
            del self._waiting[: len(batch)]


def _kept(text: str) -> str:
    """A text of the caller's as it may be stored."""
    return text[:_TEXT_MAX].replace("\0", "")
