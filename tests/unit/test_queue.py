"""The queue of writes: who goes together, who waits for whom, and what each is told."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from counterfoil.ledger.command import Needs, Write
from counterfoil.ledger.queue import WriteQueue


def write(name: str, *accounts: int) -> Write:
    """A write about accounts; runs below answer with its name."""
    command: Any = name
    return Write(command, Needs(), None, accounts)


class Runs:
    """Batches that end when told."""

    def __init__(self) -> None:
        self.under_way: list[tuple[list[str], asyncio.Future[None]]] = []
        self.ended: list[str] = []

    async def __call__(self, writes: Sequence[Write]) -> list[Any]:
        names = [str(one.command) for one in writes]
        gate: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.under_way.append((names, gate))
        await gate
        self.ended += names
        return [name.upper() for name in names]

    @property
    def batches(self) -> list[list[str]]:
        return [names for names, _ in self.under_way]

    async def end(self, n: int, error: Exception | None = None) -> None:
        """Ends the nth batch that set out, and lets what follows from that happen."""
        _, gate = self.under_way[n]
        if error is None:
            gate.set_result(None)
        else:
            gate.set_exception(error)
        await turns()


async def turns() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_what_arrives_in_one_turn_goes_together() -> None:
    runs = Runs()
    queue = WriteQueue(runs, batch_max=10, beside_min=2, in_flight_max=2)
    asked = [asyncio.create_task(queue.ask([write(name, n)])) for n, name in enumerate("abc")]
    await turns()
    assert runs.batches == [["a", "b", "c"]]
    await runs.end(0)
    assert await asyncio.gather(*asked) == [["A"], ["B"], ["C"]]


async def test_a_second_batch_goes_beside_the_first_when_it_is_worth_it() -> None:
    runs = Runs()
    queue = WriteQueue(runs, batch_max=10, beside_min=2, in_flight_max=2)
    first = asyncio.create_task(queue.ask([write("a", 1)]))
    await turns()
    second = asyncio.create_task(queue.ask([write("b", 2)]))
    await turns()
    assert runs.batches == [["a"]]
    third = asyncio.create_task(queue.ask([write("c", 3)]))
    await turns()
    assert runs.batches == [["a"], ["b", "c"]]
    fourth = asyncio.create_task(queue.ask([write("d", 4), write("e", 5)]))
    await turns()
    assert len(runs.batches) == 2  # never a third
    await runs.end(1)
    await runs.end(0)
    await runs.end(2)
    assert await asyncio.gather(first, second, third, fourth) == [["A"], ["B"], ["C"], ["D", "E"]]


async def test_writes_about_one_account_are_never_under_way_together_and_keep_their_order() -> None:
    runs = Runs()
    queue = WriteQueue(runs, batch_max=10, beside_min=1, in_flight_max=2)
    first = asyncio.create_task(queue.ask([write("a", 1)]))
    await turns()
    # "c" shares nothing with "a", but must stay behind "b".
    second = asyncio.create_task(queue.ask([write("b", 1, 2), write("c", 2), write("d", 3)]))
    await turns()
    assert runs.batches == [["a"], ["d"]]
    await runs.end(0)
    assert runs.batches == [["a"], ["d"], ["b", "c"]]
    await runs.end(1)
    await runs.end(2)
    assert await second == ["B", "C", "D"]
    assert await first == ["A"]


async def test_batches_are_bounded() -> None:
    runs = Runs()
    queue = WriteQueue(runs, batch_max=2, beside_min=1, in_flight_max=2)
    asked = asyncio.create_task(queue.ask([write(name, n) for n, name in enumerate("abcde")]))
    await turns()
    assert runs.batches == [["a", "b"], ["c", "d"]]
    for n in range(3):
        await runs.end(n)
    assert await asked == ["A", "B", "C", "D", "E"]


async def test_a_failed_run_is_told_to_its_own_askers_once_all_of_theirs_are_through() -> None:
    runs = Runs()
    queue = WriteQueue(runs, batch_max=2, beside_min=1, in_flight_max=2)
    hit = asyncio.create_task(queue.ask([write("a", 1), write("b", 2), write("c", 3)]))
    spared = asyncio.create_task(queue.ask([write("d", 4)]))
    await turns()
    await runs.end(0, OSError("gone"))
    assert not hit.done()
    await runs.end(1)
    assert await spared == ["D"]
    with pytest.raises(OSError, match="gone"):
        await hit
    after = asyncio.create_task(queue.ask([write("e", 1)]))  # its account is free again
    await turns()
    await runs.end(2)
    assert await after == ["E"]


async def test_who_stops_waiting_stops_nobody_else() -> None:
    runs = Runs()
    queue = WriteQueue(runs, batch_max=10, beside_min=1, in_flight_max=2)
    gone = asyncio.create_task(queue.ask([write("a", 1)]))
    stays = asyncio.create_task(queue.ask([write("b", 2)]))
    await turns()
    gone.cancel()
    await runs.end(0)
    assert await stays == ["B"]


async def test_nothing_asked_is_nothing_run() -> None:
    runs = Runs()
    assert await WriteQueue(runs, batch_max=10, beside_min=1, in_flight_max=2).ask([]) == []
    assert runs.batches == []
