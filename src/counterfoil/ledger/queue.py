"""Where writes wait for their batch.

A few batches may be under way at once, some in the database while the next is decided here. They
never hold writes about the same account, so they do not come between each other, and writes about
one account keep their order.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from counterfoil.ledger.command import Write


@dataclass(slots=True)
class _Asked:
    """Writes that somebody waits for together, and the answers so far."""

    answers: list[Any]
    missing: int
    done: asyncio.Future[list[Any]]
    error: BaseException | None = None


@dataclass(slots=True)
class _Place:
    """One write's place in the queue, and where its answer goes."""

    write: Write
    asked: _Asked
    index: int


@dataclass(slots=True)
class WriteQueue:
    """Turns `run`, which answers a batch of writes in order, into `ask`.

    A batch has at most `batch_max` writes. One sets out when none is under way; another one beside
    it, up to `in_flight_max`, only when at least `beside_min` writes can go, for a small batch
    costs nearly as much as a larger one. When a run raises, whoever waits for one of its writes is
    told so once all of theirs are through.
    """

    run: Callable[[Sequence[Write]], Awaitable[Sequence[Any]]]
    batch_max: int
    beside_min: int
    in_flight_max: int
    _waiting: deque[_Place] = field(default_factory=deque)
    _busy: set[int] = field(default_factory=set)
    _runs: set[asyncio.Task[None]] = field(default_factory=set)
    _is_launching: bool = False

    async def ask(self, writes: Sequence[Write]) -> list[Any]:
        """The answer of each write; raises what a run of theirs raised."""
        if not writes:
            return []
        loop = asyncio.get_running_loop()
        asked = _Asked([None] * len(writes), len(writes), loop.create_future())
        self._waiting.extend(_Place(write, asked, n) for n, write in enumerate(writes))
        if not self._is_launching:
            # At the end of this turn of the loop: all that arrives within the turn goes along.
            self._is_launching = True
            loop.call_soon(self._launch)
        return await asked.done

    def _launch(self) -> None:
        self._is_launching = False
        while self._waiting and len(self._runs) < self.in_flight_max:
            batch = self._next_batch(1 if not self._runs else self.beside_min)
            if not batch:
                return
            accounts = {uin for place in batch for uin in place.write.accounts}
            self._busy |= accounts
            task = asyncio.create_task(self._carry(batch, accounts))
            self._runs.add(task)
            task.add_done_callback(self._finished)

    def _next_batch(self, least: int) -> list[_Place]:
        """The first writes that meet none under way, in order; none when there are too few."""
        batch: list[_Place] = []
        passed: list[_Place] = []
        blocked = set(self._busy)
        for place in self._waiting:
            if len(batch) == self.batch_max:
                break
            if blocked.isdisjoint(place.write.accounts):
                batch.append(place)
            else:
                passed.append(place)
                blocked.update(place.write.accounts)
        if len(batch) < least:
            return []
        for _ in range(len(batch) + len(passed)):
            self._waiting.popleft()
        self._waiting.extendleft(reversed(passed))
        return batch

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._runs.discard(task)
        self._launch()

    async def _carry(self, batch: list[_Place], accounts: set[int]) -> None:
        error: BaseException | None = None
        answers: Sequence[Any] = ()
        try:
            answers = await self.run([place.write for place in batch])
            assert len(answers) == len(batch)
        except BaseException as raised:
            error = raised
            if not isinstance(raised, Exception):
                raise
        finally:
            self._busy -= accounts
            for place, answer in zip_longest(batch, answers):
                _answer(place, answer, error)


def _answer(place: _Place, answer: Any, error: BaseException | None) -> None:
    asked = place.asked
    asked.answers[place.index] = answer
    asked.error = asked.error or error
    asked.missing -= 1
    if asked.missing or asked.done.done():
        return
    if asked.error is None:
        asked.done.set_result(asked.answers)
    else:
        asked.done.set_exception(asked.error)
