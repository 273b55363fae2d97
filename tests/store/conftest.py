"""One database server for the tests of this folder that are given `dsn`; each has accounts of its
own there."""

from collections.abc import AsyncIterator, Iterator

import pytest
from tests.audit import all_breaches
from tests.books import StoppedClock, grant, ledger_server, opened, plant
from tests.databases import as_superuser, new_database
from tests.store.library import Shop, open_shop
from tests.store.world import World

from counterfoil import Ledger
from counterfoil.ledger.process import Process


@pytest.fixture(scope="session")
def dsn() -> Iterator[str]:
    with ledger_server() as name:
        yield name


@pytest.fixture
async def world(dsn: str) -> AsyncIterator[World]:
    """A world of its own, whose books are looked at in the end."""
    clock = StoppedClock()
    async with opened(dsn) as database:
        tree = await plant(database)
        world = World(database, Process(database, clock), clock, tree)
        await world.do(grant(tree.platform, tree.reseller.main_uin, 1_000))
        yield world
        assert await all_breaches(database) == []


@pytest.fixture(scope="session")
def empty_dsn(dsn: str) -> Iterator[str]:
    """A database in which nothing but the library has written."""
    with new_database(as_superuser(dsn)) as name:
        yield name


@pytest.fixture
async def shop(empty_dsn: str) -> AsyncIterator[Shop]:
    """A shop of its own in a ledger that is open; its books are looked at in the end."""
    async with Ledger.open(empty_dsn) as ledger:
        yield await open_shop(ledger)
        assert (await ledger.read.verify()).differences == []
