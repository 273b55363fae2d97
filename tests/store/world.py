"""A process, accounts and a clock for tests of writes, and short words for what they do."""

from dataclasses import dataclass
from typing import Any

from tests.books import StoppedClock, Tree, charge, issue, origin

from counterfoil.ledger import results
from counterfoil.ledger.command import Command
from counterfoil.ledger.corrections import Refund
from counterfoil.ledger.process import Process
from counterfoil.store.database import Database

ROW_COUNTS = """
    select (select count(*) from voucher), (select count(*) from usage),
        (select count(*) from movement), (select count(*) from usage_month),
        (select count(*) from hold), (select count(*) from hold_voucher),
        (select count(*) from idempotency), (select count(*) from pool),
        (select count(*) from pool_movement)
"""


@dataclass
class World:
    """A process, its accounts and its clock."""

    database: Database
    process: Process
    clock: StoppedClock
    tree: Tree

    async def do(self, *commands: Command) -> Any:
        """The answer of one write, or the list of several's."""
        answers = await self.process.run(commands)
        return answers if len(commands) > 1 else answers[0]

    async def scalar(self, sql: str, *parameters: object) -> Any:
        ((value,),) = await self.database.fetch(sql, *parameters)
        return value

    async def rows(self) -> list[int]:
        """How many rows there are in every table that writes touch."""
        (row,) = await self.database.fetch(ROW_COUNTS)
        return list(row)


async def issued(world: World, face_micro: int, **facts: Any) -> int:
    """The number of a new voucher of the customer's."""
    tree = world.tree
    answer = await world.do(issue(tree.reseller, tree.customer, face_micro, **facts))
    assert isinstance(answer, results.Issued), answer
    return answer.voucher_no


async def usage_of(world: World, *amounts_micro: int, **labels: Any) -> int:
    """The id of the usage row of a new charge."""
    answer = await world.do(
        charge(world.tree.reseller, world.tree.customer, *amounts_micro, **labels)
    )
    return answer.allocations[0].usage_id


def refund(world: World, usage_id: int, amount_micro: int | None = None) -> Refund:
    came_from = origin(world.tree.reseller, None, usage_id, amount_micro)
    return Refund(came_from, world.tree.customer, usage_id, amount_micro)
