"""Reading the audit."""

from collections.abc import Sequence
from datetime import datetime

from counterfoil.store.audit import AuditRow, Place, audit_page
from counterfoil.store.database import Database


class AuditQueries:
    """The questions about the audit of one server."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self,
        *,
        caller_uin: int | None,
        action: str | None,
        since: datetime,
        before: Place,
        size: int,
    ) -> Sequence[tuple[Place, AuditRow]]:
        """The next rows before a place, newest first, of one caller and action where given.

        Raises:
            Unavailable: the database can't be reached just now.
        """
        return await audit_page(self._database, caller_uin, action, since, before, size)
