"""A client token has one effect and one answer; ids are unique."""

from dataclasses import replace

import pytest
from tests.books import charge
from tests.store.world import World, issued

from counterfoil.domain.errors import Conflict, NotFound, TokenReused
from counterfoil.store.ids import IdBlocks


async def test_a_token_works_once_in_one_batch(world: World) -> None:
    await issued(world, 100)
    tree = world.tree
    first = charge(tree.reseller, tree.customer, 7, token="same")
    other = charge(tree.reseller, tree.customer, 8, token="same")
    one, again, different, once_more = await world.do(first, replace(first), other, replace(first))
    assert one.paid_micro == 7
    assert again == once_more == one
    assert isinstance(different, TokenReused)
    assert await world.do(replace(first)) == one
    assert isinstance(await world.do(other), TokenReused)
    assert await world.scalar("select spent_micro from voucher where owner_uin = $1",
                              tree.customer) == 7  # fmt: skip


async def test_a_token_belongs_to_its_caller_and_its_customer(world: World) -> None:
    tree = world.tree
    own = [
        charge(by, customer, 7, token="same")
        for by in (tree.reseller, tree.platform)
        for customer in tree.customers[3:]
    ]
    answers = await world.do(*own)
    assert [answer.unpaid_micro for answer in answers] == [7, 7, 7, 7]


async def test_a_refused_write_leaves_its_token_free(world: World) -> None:
    tree = world.tree
    refused, paid = await world.do(
        charge(tree.reseller, tree.customer, 7, token="free", voucher_nos=(1,)),
        charge(tree.reseller, tree.customer, 8, token="free"),
    )
    assert isinstance(refused, NotFound)
    assert paid.unpaid_micro == 8


async def test_ids_are_taken_in_blocks_and_more_come_when_a_batch_runs_out(world: World) -> None:
    mine, others = (IdBlocks(world.database, ("usage",)) for _ in range(2))
    taken: list[int] = []
    for blocks in (mine, others):
        await blocks.refill()
        with pytest.raises(Conflict):
            while True:
                taken.append(blocks.take("usage"))
    at_hand = len(taken) // 2
    for _ in range(8):  # as often as a batch that is too large for what is at hand comes back
        await mine.refill()
        with pytest.raises(Conflict):
            while True:
                taken.append(mine.take("usage"))
    await mine.refill()
    taken += [mine.take("usage") for _ in range(10 * at_hand)]
    assert len(set(taken)) == len(taken)
