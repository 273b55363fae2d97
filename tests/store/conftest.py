"""One ledger for all tests of writes, each in a world of its own."""

from collections.abc import AsyncIterator, Iterator

import pytest
from tests.audit import all_breaches
from tests.books import StoppedClock, grant, ledger_server, opened, plant
from tests.store.world import World

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
