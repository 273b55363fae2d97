"""The audit, as stored: appended in bulk, read newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from counterfoil.store.bulk import copy_rows, take_ids
from counterfoil.store.database import Connection, Database
from counterfoil.store.statements import statement


@dataclass(frozen=True, slots=True)
class AuditRow:
    """What a caller did or was refused; `code` is empty for a success, `refused_count` how many
    items of it were refused all the same."""

    occurred_at: datetime
    request_id: UUID
    main_uin: int
    uin: int
    session: str
    secret_id: str
    address: str
    service: str
    action: str
    code: str
    refused_count: int


@dataclass(frozen=True, slots=True)
class Place:
    """Before which row a page begins."""

    occurred_at: datetime
    audit_id: int


async def append_audit(connection: Connection, rows: Sequence[AuditRow]) -> None:
    """Writes rows in their order. Ids are taken in the same transaction, so that they rise in the
    order in which servers commit."""
    first = await take_ids(connection, "audit", len(rows))
    await copy_rows(
        connection,
        "audit",
        "audit_id occurred_at request_id main_uin uin session secret_id address service action "
        "code refused_count",
        (
            (
                number, row.occurred_at, row.request_id, row.main_uin, row.uin, row.session,
                row.secret_id, row.address, row.service, row.action, row.code, row.refused_count,
            )
            for number, row in enumerate(rows, first)
        ),
    )  # fmt: skip


async def audit_page(
    database: Database,
    caller_uin: int | None,
    action: str | None,
    since: datetime,
    before: Place,
    size: int,
) -> Sequence[tuple[Place, AuditRow]]:
    """The next `size` rows before a place, newest first; of one caller and action where given."""
    found = await database.fetch(
        statement("describe_audit"),
        caller_uin,
        action,
        since,
        before.occurred_at,
        before.audit_id,
        size,
    )
    return [
        (Place(occurred_at, audit_id), AuditRow(occurred_at, *columns))
        for occurred_at, audit_id, *columns in found
    ]
