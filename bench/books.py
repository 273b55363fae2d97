"""The books that are measured: partner, customers, vouchers and 1,000,000 usages.

A book is loaded over the importer into a running server's database; everything in it follows from
the numbers here, so that a scenario knows what each page must hold.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

import asyncpg
from tests.importing import (
    ImportedAccount,
    ImportedLine,
    ImportedProduct,
    ImportedQuota,
    ImportedUsage,
    ImportedVoucher,
    import_accounts,
    import_products,
    import_vouchers,
)

from bench.calls import Key
from bench.server import Server
from counterfoil.access.keys import store_key
from counterfoil.access.sealing import load_master_key
from counterfoil.domain.account import AccountKind
from counterfoil.domain.instants import instant
from counterfoil.domain.money import MICRO_PER_USD
from counterfoil.store import embedded
from counterfoil.store.database import connect
from counterfoil.store.embedded.cluster import SUPERUSER

PLATFORM, RESELLER, FIRST_CUSTOMER = 100000000001, 200000000200, 700000000001
KEY = Key("AKIDBENCHRESELLER", "bench-reseller")

_FIRST_VOUCHER_NO = 20_000_000
_PRODUCTS, _SUB_PRODUCTS = 40, 10
_HISTORIES = 100
_BEGINNING, _END = instant("2024-01-01 00:00:00"), instant("2030-01-01 00:00:00")


@dataclass(frozen=True)
class Book:
    """Vouchers 0 to `vouchers` - 1, spread evenly over the customers, with as many usages each."""

    customers: int
    vouchers: int
    usages_each: int

    def voucher_no(self, voucher: int) -> int:
        """The number of a voucher."""
        return _FIRST_VOUCHER_NO + voucher

    def owner_uin(self, voucher: int) -> int:
        """The customer whose voucher it is."""
        return FIRST_CUSTOMER + voucher % self.customers

    def usage_ids(self, voucher: int, page: int, size: int) -> Sequence[int]:
        """The ids on one page of a voucher, newest first; usages are numbered as loaded."""
        newest = (voucher + 1) * self.usages_each - (page - 1) * size
        return range(newest, newest - size, -1)


MANY_VOUCHERS = Book(customers=1_000, vouchers=20_000, usages_each=50)
CHARGED_VOUCHERS = Book(customers=10_000, vouchers=20_000, usages_each=5)
LONG_HISTORY = Book(customers=10_000, vouchers=20_000, usages_each=500)
ONE_VOUCHER = Book(customers=1, vouchers=1, usages_each=1_000_000)


def load(book: Book, server: Server) -> None:
    """Fills the empty database of a running server."""
    asyncio.run(_load(book, server))


async def _load(book: Book, server: Server) -> None:
    master_key = load_master_key(server.data / "master.key", may_create=False)
    connection = await connect(embedded.dsn(server.data))
    try:
        async with connection.transaction():
            await import_accounts(connection, _accounts(book), at=_BEGINNING, is_sample=False)
            await import_products(connection, _catalogue())
            quota = ImportedQuota(RESELLER, book.vouchers * _face_micro(book), _BEGINNING)
            await import_vouchers(connection, list(_vouchers(book)), [quota], actor_uin=PLATFORM)
            await store_key(
                connection,
                master_key,
                main_uin=RESELLER,
                secret_id=KEY.secret_id,
                secret_key=KEY.secret_key,
                at=_BEGINNING,
            )
        # What autovacuum and the checkpointer would do some time soon: not amid a measurement.
        await connection.execute("vacuum (analyze) account, product, voucher, usage, usage_month")
    finally:
        await connection.close()
    superuser = await asyncpg.connect(embedded.dsn(server.data), user=SUPERUSER)
    try:
        await superuser.execute("checkpoint")
    finally:
        await superuser.close()


def _accounts(book: Book) -> list[ImportedAccount]:
    return [
        ImportedAccount(PLATFORM, AccountKind.PLATFORM, None, "Platform"),
        ImportedAccount(RESELLER, AccountKind.RESELLER, PLATFORM, "Reseller"),
        *(
            ImportedAccount(FIRST_CUSTOMER + n, AccountKind.CUSTOMER, RESELLER, f"Customer {n}")
            for n in range(book.customers)
        ),
    ]


def _catalogue() -> Iterator[ImportedProduct]:
    for product in range(_PRODUCTS):
        name = f"Cloud product number {product}"
        yield ImportedProduct(f"p_{product}", "", name, f"云产品{product}", name)
        for sub in range(_SUB_PRODUCTS):
            name = f"Cloud product number {product}, standard type S{sub}"
            yield ImportedProduct(
                f"p_{product}", f"sp_{product}_{sub}", name, f"云产品{product}-标准型S{sub}", name
            )


def _vouchers(book: Book) -> Iterator[ImportedVoucher]:
    # Vouchers share a few histories: made once, and little to hold in memory.
    histories = [_history(book, seed) for seed in range(min(book.vouchers, _HISTORIES))]
    for voucher in range(book.vouchers):
        yield ImportedVoucher(
            voucher_no=book.voucher_no(voucher),
            code=f"BENCHVOUCHER{voucher:010d}",
            owner_uin=book.owner_uin(voucher),
            issuer_uin=RESELLER,
            face_micro=_face_micro(book),
            begin_at=_BEGINNING,
            end_at=_END,
            usages=histories[voucher % len(histories)],
        )


def _face_micro(book: Book) -> int:
    """More than any history takes: each of its usages is less than 1 USD."""
    return book.usages_each * MICRO_PER_USD


def _history(book: Book, seed: int) -> list[ImportedUsage]:
    random = Random(seed)
    step = (_END - _BEGINNING) / (book.usages_each + 1)
    return [_usage(random, _BEGINNING + n * step) for n in range(book.usages_each)]


def _usage(random: Random, at: datetime) -> ImportedUsage:
    product = random.randrange(_PRODUCTS)
    sub_product = f"sp_{product}_{random.randrange(_SUB_PRODUCTS)}"
    line = ImportedLine(
        product_code=f"p_{product}",
        sub_product_code=sub_product,
        amount_micro=random.randrange(1, MICRO_PER_USD),
        billing_item_code="v_bandwidth",
        sub_billing_item_code="sv_bandwidth_prepay",
        calc_unit="1",
        action="purchase",
    )
    order_no = f"{at:%Y%m%d}{random.randrange(10**16):016d}"
    if random.random() < 0.5:
        return ImportedUsage("prepay", at, at + timedelta(seconds=5), [line], deal_name=order_no)
    return ImportedUsage("postpay", at, at, [line], bill_id=f"10071_{order_no}_1300223973")
