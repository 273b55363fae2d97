"""A ledger of a test's own, without HTTP: a database, a clock that stands still, accounts."""

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import astuple, dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from counterfoil.clock import Clock
from counterfoil.domain.account import AccountKind, Caller
from counterfoil.domain.postings import Line
from counterfoil.domain.voucher import Terms
from counterfoil.ledger.charges import Charge, OpenHold, Purchase
from counterfoil.ledger.command import Origin
from counterfoil.ledger.issuing import AdjustQuota, IssueVoucher, VoucherFacts
from counterfoil.ledger.verify import verify
from counterfoil.store import embedded
from counterfoil.store.bulk import copy_rows, take_ids
from counterfoil.store.database import Database
from counterfoil.store.migrate import starting

NOON = datetime(2026, 3, 31, 4, tzinfo=UTC)  # 2026-03-31 12:00:00 in UTC+8
YEAR = timedelta(days=365)
OPEN = Terms()

PRODUCTS = [
    ("p_cvm", "", "Cloud Virtual Machine", "云服务器", "CVM"),
    ("p_cvm", "sp_cvm_s1", "Standard S1", "标准型S1", "CVM S1"),
    ("p_cbs", "", "Cloud Block Storage", "云硬盘", "CBS"),
    ("p_cbs", "sp_cbs_ssd", "SSD", "SSD云硬盘", "CBS SSD"),
]
SUB_PRODUCTS = {"p_cvm": "sp_cvm_s1", "p_cbs": "sp_cbs_ssd"}

_numbers = count(1)


class StoppedClock(Clock):
    """A clock whose time of money stands still until it is set."""

    def __init__(self, now: datetime = NOON) -> None:
        super().__init__()
        self.now = now

    def ledger(self) -> datetime:
        return self.now


@contextmanager
def ledger_server() -> Iterator[str]:
    """The DSN of a database at the current schema, on a server that ends with the block."""
    with tempfile.TemporaryDirectory(prefix="counterfoil-test-") as folder:
        server = embedded.start(Path(folder) / "data")
        try:
            dsn = embedded.dsn(Path(folder) / "data")
            asyncio.run(migrate(dsn))
            yield dsn
        finally:
            server.stop()


async def migrate(dsn: str) -> None:
    """Brings an empty database to the current schema, with two products in it."""
    async with starting(dsn), opened(dsn) as database, database.transaction() as connection:
        await copy_rows(
            connection,
            "product",
            "product_code sub_product_code name_en name_zh en_name",
            PRODUCTS,
        )


@asynccontextmanager
async def opened(dsn: str) -> AsyncIterator[Database]:
    """The database, while the block runs."""
    database = await Database.open(dsn)
    try:
        yield database
    finally:
        await database.close()


@dataclass(frozen=True)
class Tree:
    """Accounts of one test: a platform; below it a distributor, with a second-level reseller, and
    a reseller. Customers: one of the distributor, two of the second level, two of the reseller."""

    platform: Caller
    distributor: Caller
    sub_reseller: Caller
    reseller: Caller
    customers: tuple[int, ...]

    @property
    def customer(self) -> int:
        """A customer of the reseller's, for tests that need no other."""
        return self.customers[3]

    @property
    def partners(self) -> tuple[Caller, ...]:
        return (self.distributor, self.sub_reseller, self.reseller)


@dataclass(frozen=True)
class Policies:
    """What a partner has its vouchers return, and how its customers burn theirs."""

    burn: str = "intl"
    on_refund: bool = True
    on_expiry: bool = True
    on_withdrawal: bool = True


RETURN_ALL = Policies()


async def plant(
    database: Database,
    *,
    distributor: Policies = RETURN_ALL,
    sub_reseller: Policies = RETURN_ALL,
    reseller: Policies = RETURN_ALL,
) -> Tree:
    """New accounts, whose partners have these policies."""
    async with database.transaction() as connection:
        first = await take_ids(connection, "account", 9)
        top, middle, sub, single, *customers = range(first, first + 9)
        await copy_rows(
            connection,
            "account",
            "uin kind parent_uin burn_policy returns_on_refund returns_on_expiry "
            "returns_on_withdrawal name created_at bound_at",
            [
                (*row, *astuple(policies), f"account {row[0]}", NOON, NOON)
                for row, policies in (
                    ((top, "platform", None), RETURN_ALL),
                    ((middle, "distributor", top), distributor),
                    ((single, "reseller", top), reseller),
                    ((sub, "sub_reseller", middle), sub_reseller),
                    *(
                        ((uin, "customer", parent), RETURN_ALL)
                        for uin, parent in zip(
                            customers, (middle, sub, sub, single, single), strict=True
                        )
                    ),
                )
            ],
        )
    return Tree(
        caller(top, AccountKind.PLATFORM),
        caller(middle, AccountKind.DISTRIBUTOR),
        caller(sub, AccountKind.SUB_RESELLER),
        caller(single, AccountKind.RESELLER),
        tuple(customers),
    )


def caller(uin: int, kind: AccountKind) -> Caller:
    """An account that calls with its own key."""
    return Caller(uin, uin, kind)


def origin(by: Caller, token: str | None = None, *request: Any) -> Origin:
    """Where a write comes from; under a token of its own unless one is given."""
    name = f"token-{next(_numbers)}" if token is None else token
    return Origin(by, "Test", name, hashlib.sha256(repr(request).encode()).digest())


def bought(*amounts_micro: int, product: str = "p_cvm", **labels: Any) -> Purchase:
    """A postpaid purchase with a line for each amount."""
    lines = tuple(Line(product, SUB_PRODUCTS[product], amount, 1) for amount in amounts_micro)
    return Purchase(**{"pay_mode": "postpay", "lines": lines, **labels})


def issue(by: Caller, owner_uin: int, face_micro: int, **facts: Any) -> IssueVoucher:
    """A voucher valid from now for a year, unless `facts` say otherwise."""
    usual = {"begin_at": None, "end_at": NOON + YEAR, "terms": OPEN}
    asked = VoucherFacts(face_micro=face_micro, **{**usual, **facts})
    return IssueVoucher(origin(by, None, asked), owner_uin, asked)


def charge(
    by: Caller, owner_uin: int, *amounts_micro: int, token: str | None = None, **labels: Any
) -> Charge:
    """A charge with a line for each amount."""
    purchase = bought(*amounts_micro, **labels)
    return Charge(origin(by, token, purchase), owner_uin, purchase)


def hold(
    by: Caller, owner_uin: int, *amounts_micro: int, expires_at: datetime, **labels: Any
) -> OpenHold:
    """A hold with a line for each amount."""
    purchase = bought(*amounts_micro, **labels)
    return OpenHold(origin(by, None, purchase, expires_at), owner_uin, purchase, expires_at)


def grant(by: Caller, partner_uin: int, amount_micro: int) -> AdjustQuota:
    """Quota for a partner, or back from it (negative)."""
    return AdjustQuota(origin(by, None, partner_uin, amount_micro), partner_uin, amount_micro)


async def assert_books(database: Database) -> None:
    """Fails, and names each difference, unless everything stored is what the journal comes to; for
    every test that wrote."""
    assert (await verify(database)).differences == []


def assert_books_at(dsn: str) -> None:
    """The same of the database with this DSN, for tests without an event loop."""

    async def check() -> None:
        async with opened(dsn) as database:
            await assert_books(database)

    asyncio.run(check())
