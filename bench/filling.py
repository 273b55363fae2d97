"""Fills a book by SQL: PostgreSQL makes the rows, indexes afterwards.

Most of it are usages. One session makes them all, in the transaction that has just emptied their
table: so they need no WAL, which is worth more than a second session.

Nothing else runs meanwhile and a crash would only mean starting over, so PostgreSQL is told not to
wait for the disk. The books are as the ledger itself would have written them: its own verification
finds nothing in them.
"""

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path

import asyncpg
from tests.importing import ImportedAccount, ImportedProduct, import_accounts, import_products

from bench.books import (
    CUSTOMER_KEY,
    FIRST_CUSTOMER,
    PLATFORM,
    PRODUCTS,
    RESELLER,
    RESELLER_KEY,
    SUB_PRODUCTS,
    Book,
)
from bench.postgresql import Postgresql
from bench.server import serving
from counterfoil.access.keys import store_key
from counterfoil.access.sealing import load_master_key
from counterfoil.domain.account import AccountKind
from counterfoil.domain.instants import instant
from counterfoil.domain.voucher import Terms
from counterfoil.store.database import Connection
from counterfoil.store.embedded.cluster import DATABASE, cluster_folder
from counterfoil.store.terms import store_terms

_BEGINNING = instant("2020-01-01 00:00:00")
_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "32GB",
    "checkpoint_timeout": "1h",
    "shared_buffers": "512MB",
    "work_mem": "256MB",
    "maintenance_work_mem": "1GB",
    "max_parallel_maintenance_workers": "1",
    "jit": "off",
}
_STATEMENTS = Path(__file__).with_name("sql")


def fill(book: Book, data: Path, sockets: Path) -> None:
    """Makes a data folder with this book; `sockets` is the path of a folder to make."""
    with serving(data):
        pass  # the cluster, the schema and the master key
    postgresql = Postgresql(sockets, cluster_folder(data), _SETTINGS)
    postgresql.start()
    try:
        asyncio.run(_fill(book, data, postgresql.dsn(DATABASE)))
    finally:
        postgresql.stop()
    os.sync()  # or the disk would be busy amid the first measurement


async def _fill(book: Book, data: Path, dsn: str) -> None:
    async with asyncpg.create_pool(dsn, min_size=2, command_timeout=600) as pool:
        async with pool.acquire() as connection:
            await _write_references(connection, book, data)
            indexes = await _drop_indexes(connection)
        async with asyncio.TaskGroup() as group:
            group.create_task(_write_usages(pool, book))
            group.create_task(_write_vouchers(pool, book))
        await pool.execute("drop table bench_line")
        # Before the indexes are built: whoever reads new rows first writes their page once more.
        await pool.execute("vacuum (analyze)")
        for index in indexes:  # each by two processes; more at once need more memory
            await pool.execute(index)
        await pool.execute("alter table usage add primary key using index usage_pkey")


async def _write_references(connection: Connection, book: Book, data: Path) -> None:
    master_key = load_master_key(data / "master.key", may_create=False)
    async with connection.transaction():
        await import_accounts(connection, _accounts(book), at=_BEGINNING, is_sample=False)
        await import_products(connection, _catalogue())
        await store_terms(connection, [Terms()])
        for uin, key in ((RESELLER, RESELLER_KEY), (book.own.owner_uin(0), CUSTOMER_KEY)):
            await store_key(
                connection,
                master_key,
                main_uin=uin,
                secret_id=key.secret_id,
                secret_key=key.secret_key,
                at=_BEGINNING,
            )
        await connection.execute(_sql("lines"))


async def _drop_indexes(connection: Connection) -> Sequence[str]:
    """Drops those of the largest table; how to make them again. That of corrections stays: none is
    filled in, so it costs nothing."""
    rows = await connection.fetch(
        "select indexdef from pg_indexes where tablename = 'usage' and indexname = any($1)",
        ["usage_pkey", "usage_month_page", "usage_by_id"],
    )
    await connection.execute("alter table usage drop constraint usage_pkey")
    await connection.execute("drop index usage_month_page, usage_by_id")
    return [row["indexdef"] for row in rows]


async def _write_usages(pool: asyncpg.Pool, book: Book) -> None:
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("truncate usage")
        await _write_shelves(connection, book, "usages")


async def _write_vouchers(pool: asyncpg.Pool, book: Book) -> None:
    async with pool.acquire() as connection:
        await _write_shelves(connection, book, "vouchers")
        await connection.execute(_sql("finish"))


async def _write_shelves(connection: Connection, book: Book, name: str) -> None:
    for shelf in book.shelves:
        numbers = {
            "vouchers": shelf.vouchers,
            "customers": shelf.customers,
            "usages_each": shelf.usages_each,
            "first_usage": shelf.first_usage,
            "first_voucher": shelf.first_voucher,
            "first_no": shelf.voucher_no(0),
            "first_uin": shelf.owner_uin(0),
            "reseller": RESELLER,
        }
        for part in ("instants", name):
            await connection.execute(_sql(part).format(**numbers))
        await connection.execute("drop table instants")


def _sql(name: str) -> str:
    return (_STATEMENTS / f"{name}.sql").read_text()


def _accounts(book: Book) -> list[ImportedAccount]:
    return [
        ImportedAccount(PLATFORM, AccountKind.PLATFORM, None, "Platform"),
        ImportedAccount(RESELLER, AccountKind.RESELLER, PLATFORM, "Reseller"),
        *(
            ImportedAccount(FIRST_CUSTOMER + n, AccountKind.CUSTOMER, RESELLER, f"Customer {n}")
            for n in range(book.customers)
        ),
    ]


def _catalogue() -> list[ImportedProduct]:
    products = []
    for product in range(PRODUCTS):
        name = f"Cloud product number {product}"
        products.append(ImportedProduct(f"p_{product}", "", name, f"云产品{product}", name))
        for sub in range(SUB_PRODUCTS):
            of_sub = f"{name}, standard type S{sub}", f"云产品{product}-标准型S{sub}"
            products.append(
                ImportedProduct(f"p_{product}", f"sp_{product}_{sub}", *of_sub, of_sub[0])
            )
    return products
