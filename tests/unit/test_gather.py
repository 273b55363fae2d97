"""Questions that share a run: who waits for whom, and what becomes of each."""

import asyncio
from collections.abc import Sequence

import pytest

from counterfoil.store.gather import Gather


class Runs:
    """Answers each number with its square, when it is let to; remembers what it was asked."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.under_way = 0
        self.most_under_way = 0
        self.gate = asyncio.Event()

    async def __call__(self, questions: Sequence[int]) -> Sequence[int]:
        self.batches.append(list(questions))
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        await self.gate.wait()
        self.under_way -= 1
        if any(question < 0 for question in questions):
            raise ValueError("negative")
        return [question * question for question in questions]


async def settle() -> None:
    """Lets everything run that can."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_one_asker_alone_does_not_wait_for_others() -> None:
    runs = Runs()
    runs.gate.set()
    gather = Gather(runs)
    assert [await gather.ask(n) for n in (3, 4)] == [9, 16]
    assert runs.batches == [[3], [4]]


async def test_askers_of_one_moment_share_a_run() -> None:
    runs = Runs()
    runs.gate.set()
    gather = Gather(runs)
    assert await asyncio.gather(*(gather.ask(n) for n in range(50))) == [n * n for n in range(50)]
    assert runs.batches == [list(range(50))]


async def test_who_comes_during_runs_shares_the_next() -> None:
    runs = Runs()
    gather = Gather(runs, in_flight_max=2)
    asked = []
    for n in range(6):
        asked.append(asyncio.create_task(gather.ask(n)))
        await settle()
    assert runs.batches == [[0], [1]]
    runs.gate.set()
    assert await asyncio.gather(*asked) == [0, 1, 4, 9, 16, 25]
    assert runs.batches == [[0], [1], [2, 3, 4, 5]]


@pytest.mark.parametrize("in_flight_max", [1, 2, 3])
@pytest.mark.parametrize("batch_max", [1, 7, 100])
async def test_batches_and_runs_are_bounded(in_flight_max: int, batch_max: int) -> None:
    runs = Runs()
    gather = Gather(runs, batch_max=batch_max, in_flight_max=in_flight_max)
    asked = [asyncio.create_task(gather.ask(n)) for n in range(40)]
    await settle()
    assert runs.under_way == min(in_flight_max, -(-40 // batch_max))
    runs.gate.set()
    assert await asyncio.gather(*asked) == [n * n for n in range(40)]
    assert max(map(len, runs.batches)) == min(batch_max, 40)
    assert runs.most_under_way <= in_flight_max
    assert sorted(n for batch in runs.batches for n in batch) == list(range(40))


async def test_a_run_that_fails_fails_its_own_askers_alone() -> None:
    runs = Runs()
    gather = Gather(runs, in_flight_max=1)
    first = [asyncio.create_task(gather.ask(n)) for n in (1, -2)]
    await settle()
    second = asyncio.create_task(gather.ask(3))
    runs.gate.set()
    outcomes = await asyncio.gather(*first, return_exceptions=True)
    assert [str(outcome) for outcome in outcomes] == ["negative", "negative"]
    assert await second == 9


async def test_an_asker_that_leaves_does_not_trouble_the_others() -> None:
    runs = Runs()
    gather = Gather(runs, in_flight_max=1)
    asked = [asyncio.create_task(gather.ask(n)) for n in range(3)]
    await settle()
    waiting = [asyncio.create_task(gather.ask(n)) for n in range(3, 6)]
    await settle()
    asked[1].cancel()
    waiting[0].cancel()
    runs.gate.set()
    outcomes = await asyncio.gather(*asked, *waiting, return_exceptions=True)
    answers = [outcome for outcome in outcomes if isinstance(outcome, int)]
    assert answers == [0, 4, 16, 25]
    assert await gather.ask(7) == 49
