"""Rows by the thousand: COPY into a table, and ids in blocks."""

from collections.abc import Iterable, Sequence

from counterfoil.store.database import Connection
from counterfoil.store.statements import statement


async def copy_rows(
    connection: Connection, table: str, columns: str, rows: Iterable[Sequence[object]]
) -> None:
    """Appends rows; `columns` names them with blanks between, others take their defaults."""
    await connection.copy_records_to_table(table, columns=columns.split(), records=rows)


async def take_ids(connection: Connection, name: str, count: int) -> int:
    """Takes `count` consecutive ids of one kind; the first of them."""
    first: int = await connection.fetchval(statement("take_ids"), name, count)
    return first
