"""Requests that arrive while a query is in flight wait for the next one and share it.

One caller alone never waits; more callers make bigger batches, so the cost of a round trip to the
database is paid once for all of them.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Question = TypeVar("Question")
Answer = TypeVar("Answer")


class Gather(Generic[Question, Answer]):
    """Turns `run`, which answers many questions at once, into `ask`, which answers one.

    `run` gets up to `batch_max` questions and returns as many answers in the same order; at most
    `in_flight_max` runs are under way at a time. When a run raises, each of its askers does.
    """

    def __init__(
        self,
        run: Callable[[Sequence[Question]], Awaitable[Sequence[Answer]]],
        *,
        batch_max: int = 256,
        in_flight_max: int = 2,
    ) -> None:
        self._run = run
        self._batch_max = batch_max
        self._in_flight_max = in_flight_max
        self._waiting: deque[tuple[Question, asyncio.Future[Answer]]] = deque()
        self._runs: set[asyncio.Task[None]] = set()

    async def ask(self, question: Question) -> Answer:
        """The answer to one question; raises what its run raised."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Answer] = loop.create_future()
        self._waiting.append((question, future))
        if len(self._waiting) == 1:
            # At the end of this turn of the loop: all that arrives within the turn goes along.
            loop.call_soon(self._launch)
        return await future

    def _launch(self) -> None:
        while self._waiting and len(self._runs) < self._in_flight_max:
            size = min(len(self._waiting), self._batch_max)
            batch = [self._waiting.popleft() for _ in range(size)]
            task = asyncio.create_task(self._carry(batch))
            self._runs.add(task)
            task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._runs.discard(task)
        self._launch()

    async def _carry(self, batch: list[tuple[Question, asyncio.Future[Answer]]]) -> None:
        try:
            answers = await self._run([question for question, _ in batch])
            assert len(answers) == len(batch)
        except BaseException as error:
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)
            if not isinstance(error, Exception):
                raise
            return
        for (_, future), answer in zip(batch, answers, strict=True):
            if not future.done():
                future.set_result(answer)
