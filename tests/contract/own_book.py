"""A server on a book of the test's own, with keys of its own: what the sample doesn't hold."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from tests.importing import (
    ImportedAccount,
    ImportedProduct,
    ImportedQuota,
    ImportedVoucher,
    import_accounts,
    import_products,
    import_vouchers,
)
from tests.serving import Running, running

from counterfoil.access.keys import store_key
from counterfoil.access.sealing import load_master_key
from counterfoil.domain.money import micro
from counterfoil.ledger.sample import SampleKey
from counterfoil.store import embedded
from counterfoil.store.database import Connection, connect

BEGINNING = datetime(2023, 1, 1, tzinfo=UTC)
END = datetime(2030, 1, 1, tzinfo=UTC)


def key_of(uin: int) -> SampleKey:
    """The key that every account of such a book has."""
    return SampleKey("", uin, f"AKIDOWN{uin}", f"own-{uin}")


@contextmanager
def serving(
    accounts: Sequence[ImportedAccount],
    products: Sequence[ImportedProduct],
    vouchers: Sequence[ImportedVoucher],
) -> Iterator[Running]:
    """A server on these, without the sample."""

    async def load(connection: Connection) -> None:
        issuers = sorted({voucher.issuer_uin for voucher in vouchers})
        quotas = [ImportedQuota(uin, micro("100000000"), BEGINNING) for uin in issuers]
        await import_accounts(connection, accounts, at=BEGINNING, is_sample=False)
        await import_products(connection, products)
        await import_vouchers(connection, vouchers, quotas, actor_uin=accounts[0].uin)

    with running("--no-rate-limit") as server:
        write(server, load)
        for account in accounts:
            add_key(server, key_of(account.uin))
        yield server


def write(server: Running, act: Callable[[Connection], Awaitable[None]]) -> None:
    """Changes the server's database behind its back, in one transaction."""

    async def connected() -> None:
        connection: Any = await connect(embedded.dsn(server.data))
        try:
            async with connection.transaction():
                await act(connection)
        finally:
            await connection.close()

    asyncio.run(connected())


def add_key(server: Running, key: SampleKey) -> None:
    """Gives an account one more key."""
    master_key = load_master_key(server.data / "master.key", may_create=False)

    async def add(connection: Connection) -> None:
        await store_key(
            connection,
            master_key,
            main_uin=key.uin,
            secret_id=key.secret_id,
            secret_key=key.secret_key,
            at=BEGINNING,
        )

    write(server, add)
