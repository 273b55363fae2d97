"""Connections that much is sent over at once: whole requests in a row on those that are kept, all
else on one of its own. Each must be answered or closed in time."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from tests.contract.raw import TIMEOUT_S, Answer
from tests.property.parsed import Parsed

_LINES = 8
_ROW_REQUESTS_MAX = 24
_ROW_BYTES_MAX = 64 * 1024
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"

Check = Callable[[bytes, list[Answer]], None]


class Unanswered(AssertionError):
    """No answer came, or no end of the connection, where there had to be one."""


@dataclass
class Line:
    """A connection; `check` is given what was sent and the answers to it."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    check: Check

    async def exchange(self, row: list[tuple[bytes, Parsed]]) -> None:
        """Sends whole requests in a row, then takes the answers."""
        self.writer.write(b"".join(data for data, _ in row))
        for data, parsed in row:
            answer = await self._answer(data, is_head=parsed.methods == [b"HEAD"])
            if answer is None:
                raise Unanswered(f"closed without an answer: {shown(data)}")
            self.check(data, [answer])

    async def end_with(self, data: bytes, parsed: Parsed) -> None:
        """Sends what leaves no connection behind: it is answered as far as it is HTTP, and where
        it is not, by 400; then the server closes."""
        with suppress(ConnectionError):  # it may be cut off while it still writes
            self.writer.write(data)
        answers = []
        for method in (*parsed.methods, *([b""] if parsed.is_broken else [])):
            answer = await self._answer(data, is_head=method == b"HEAD")
            if answer is None or answer.status != 200:
                if not parsed.is_broken or (answer is not None and answer.status != 400):
                    raise Unanswered(f"{answer} to {shown(data)}")
                break
            answers.append(answer)
        self.check(data, answers)
        if not parsed.is_broken:
            with suppress(OSError):
                self.writer.write_eof()
        rest = (await self._rest(data)).removeprefix(_CONTINUE)  # told amid a request
        if rest and b"CONNECT" not in parsed.methods:
            raise Unanswered(f"{rest!r} after the last answer to {shown(data)}")

    async def _answer(self, data: bytes, *, is_head: bool) -> Answer | None:
        """The next answer but interim ones; None when the server has closed."""
        try:
            async with asyncio.timeout(TIMEOUT_S):
                while (answer := await self._received(is_head=is_head)).status < 200:
                    pass
        except TimeoutError:
            raise Unanswered(f"no answer in {TIMEOUT_S} s: {shown(data)}") from None
        except (asyncio.IncompleteReadError, ConnectionError):
            return None
        return answer

    async def _received(self, *, is_head: bool) -> Answer:
        head = await self.reader.readuntil(b"\r\n\r\n")
        status, *lines = head[:-4].decode("latin-1").split("\r\n")
        headers = tuple((name, value) for name, _, value in (x.partition(": ") for x in lines))
        answer = Answer(int(status.split()[1]), headers, b"")
        length = 0 if is_head else int(answer.header("content-length") or 0)
        return Answer(answer.status, headers, await self.reader.readexactly(length))

    async def _rest(self, data: bytes) -> bytes:
        """What comes until the server closes."""
        try:
            async with asyncio.timeout(TIMEOUT_S):
                return await self.reader.read()
        except TimeoutError:
            raise Unanswered(f"not closed in {TIMEOUT_S} s: {shown(data)}") from None
        except ConnectionError:
            return b""


def shown(data: bytes) -> str:
    """Bytes in a message: all, but for very many."""
    return repr(data) if len(data) < 20_000 else f"{data[:20_000]!r} and {len(data) - 20_000} more"


async def send_all(address: str, inputs: Iterable[bytes], check: Check) -> None:
    """Sends all of them over several connections at a time."""
    host, _, port = address.rpartition(":")

    @asynccontextmanager
    async def line() -> AsyncIterator[Line]:
        reader, writer = await asyncio.open_connection(host, int(port))
        try:
            yield Line(reader, writer, check)
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def work(batches: Iterator[list[bytes]]) -> None:
        async with line() as kept:
            for batch in batches:
                read = [(data, Parsed(data)) for data in batch]
                await kept.exchange([one for one in read if one[1].is_one_whole])
                for data, parsed in read:
                    if not parsed.is_one_whole:
                        async with line() as own:
                            await own.end_with(data, parsed)

    batches = _batches(inputs)
    async with asyncio.TaskGroup() as tasks:
        for _ in range(_LINES):
            tasks.create_task(work(batches))


def _batches(inputs: Iterable[bytes]) -> Iterator[list[bytes]]:
    """So much at a time that a server which reads a row before it answers is not held up."""
    batch: list[bytes] = []
    size = 0
    for data in inputs:
        batch.append(data)
        size += len(data)
        if len(batch) == _ROW_REQUESTS_MAX or size > _ROW_BYTES_MAX:
            yield batch
            batch, size = [], 0
    yield batch
