"""Much that goes wrong, quickly: requests of every action, spoiled at random, by several clients at
once. Whatever parses as HTTP is answered with 200 and the envelope, never by InternalError; what
does not gets a 400 and a closed connection; the books stay right, and so does the server."""

import asyncio
import json
import os
import random
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from tests.books import assert_books_at
from tests.contract.envelope import REQUEST_ID
from tests.contract.house import LINE, PLATFORM, House
from tests.contract.raw import Answer, Api, Draft
from tests.fault.process import Server
from tests.property.lines import send_all, shown
from tests.property.mutants import Mutants
from tests.property.seeds import seeds

from counterfoil.http.protocol import ARRIVAL_S_MAX
from counterfoil.ledger.sample import KEYS
from counterfoil.store import embedded
from counterfoil.wire.routes import all_actions

INPUTS = 1_000_000 if os.environ.get("SOAK") else 20_000
WARM_UP = 4_000
# As much as strangers' bodies may take for a while. More would be something that grows: 4 KB for
# each input of the short run.
GROWTH_BYTES_MAX = 64 * 1024 * 1024

SUCCESSES = [{*action.response.__struct_fields__, "RequestId"} for action in all_actions()]
TRACES = (b"Traceback", b'File \\"', b"asyncpg", b"msgspec", b"site-packages")
SECRETS = [key.secret_key.encode() for key in KEYS]
CHARGE = Api("counterfoil", "2026-11-21", "ChargeVouchers", "", {})


def check_envelope(answer: Answer) -> None:
    """That it is one, of a success or of a refusal that is nobody's fault but the client's."""
    assert answer.status == 200
    assert answer.header("content-type") == "application/json"
    envelope = json.loads(answer.body)
    assert list(envelope) == ["Response"]
    response = envelope["Response"]
    assert REQUEST_ID.fullmatch(response["RequestId"])
    if "Error" in response:
        assert set(response) == {"Error", "RequestId"}
        assert set(response["Error"]) == {"Code", "Message"}
        assert all(isinstance(text, str) and text for text in response["Error"].values())
        assert not response["Error"]["Code"].startswith("InternalError"), response
    else:
        assert set(response) in SUCCESSES
    assert b"InternalError" not in answer.body  # of an item
    assert not [text for text in (*TRACES, *SECRETS) if text in answer.body]


class Replays:
    """Charges of a cent each that are sent again and again while the fuzz goes on, as they were
    signed, and what was answered to each."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._voucher = house.voucher("1000")
        self._sent: dict[int, bytes] = {}
        self.answers: dict[bytes, list[Any]] = {}

    def one(self, number: int) -> bytes:
        """One of those that were first sent some 2,000 inputs ago at most: a signature holds for
        five minutes."""
        group = number // 2_000
        if group not in self._sent:
            charge = {
                "ClientToken": f"replayed-{group}",
                "CustomerUin": self._house.customer.uin,
                "PayMode": "postPay",
                "Lines": [{**LINE, "Amount": "0.01"}],
            }
            draft = Draft(CHARGE, members={"Charges": [charge]}, key=self._house.reseller.key)
            self._sent[group] = draft.message().encoded()
            self.answers[self._sent[group]] = []
        return self._sent[group]

    def check(self) -> None:
        """That each took effect once, and every answer told of that."""
        for answers in self.answers.values():
            assert len(answers) > 1
            assert all(answer == answers[0] for answer in answers)
            (result,) = answers[0]["Results"]
            assert result["PaidAmount"] == "0.01"
        spent = len(self.answers) / 100
        left = {"available": f"{1000 - spent:g}", "spent": f"{spent:g}"}
        assert self._house.left(self._voucher) == left


class Fuzz:
    """The inputs of one run, and what is known of their answers."""

    def __init__(self, server: Server, house: House, seed: int) -> None:
        self._server = server
        self._mutants = Mutants(seeds(server.address), seed, server.address)
        self._sent = 0
        self._seed = seed
        self.replays = Replays(house)

    async def send(self, count: int) -> None:
        """Sends so many more."""
        try:
            await send_all(self._server.address, self._inputs(count), self._check)
        except BaseException as error:
            error.add_note(f"the seed is {self._seed}")
            raise

    def _inputs(self, count: int) -> Iterator[bytes]:
        for number in range(self._sent, self._sent + count):
            yield self._mutants.made(number) if number % 40 else self.replays.one(number)
        self._sent += count

    def _check(self, data: bytes, answers: list[Answer]) -> None:
        for answer in answers:
            try:
                if answer.body or not data.startswith(b"HEAD"):
                    check_envelope(answer)
            except Exception as error:
                error.add_note(f"{answer} to {shown(data)}")
                raise
        if data in self.replays.answers:
            response = answers[0].response
            del response["RequestId"]
            self.replays.answers[data].append(response)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on the sample that no other test uses; it must have nothing to say in its log."""
    server = Server(tmp_path_factory.mktemp("fuzz") / "data", "--sample", "--no-rate-limit")
    try:
        yield server.wait_ready()
        assert server.end() == 0
        assert server.errors() == ""
    finally:
        server.clean_up()


async def dribble(address: str) -> float:
    """Sends a request byte by byte; after how many seconds the server has had enough."""
    host, _, port = address.rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    loop = asyncio.get_running_loop()
    began_s = loop.time()
    answer = asyncio.create_task(reader.read())
    writer.write(b"POST / HTTP/1.1\r\nContent-Length: 1000\r\nX: ")
    while not answer.done() and loop.time() - began_s < 2 * ARRIVAL_S_MAX:
        with suppress(ConnectionError):
            writer.write(b"x")
        await asyncio.wait([answer], timeout=1)
    assert answer.result().startswith(b"HTTP/1.1 400 ")
    writer.close()
    return loop.time() - began_s


def memory_bytes(server: Server) -> int:
    """What the server's process has in memory."""
    pages = int(Path(f"/proc/{server.pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def open_sockets(server: Server) -> int:
    links = [link for link in Path(f"/proc/{server.pid}/fd").iterdir() if link.is_symlink()]
    return sum(str(link.readlink()).startswith("socket:") for link in links)


@pytest.mark.timeout(0 if os.environ.get("SOAK") else 300)
async def test_whatever_comes_is_answered_or_refused(server: Server) -> None:
    dsn = embedded.dsn(server.data)
    house = await asyncio.to_thread(House, server.address, dsn)
    fuzz = await asyncio.to_thread(Fuzz, server, house, random.getrandbits(32))
    sockets = open_sockets(server)
    async with asyncio.TaskGroup() as tasks:
        slow = [tasks.create_task(dribble(server.address)) for _ in range(20)]
        await fuzz.send(WARM_UP)
        before = memory_bytes(server)
        await fuzz.send(INPUTS - WARM_UP)
    assert all(ARRIVAL_S_MAX - 1 < task.result() < 2 * ARRIVAL_S_MAX for task in slow)
    assert memory_bytes(server) - before < GROWTH_BYTES_MAX
    assert open_sockets(server) <= sockets + 8  # its own to PostgreSQL, which come as needed
    assert (await asyncio.to_thread(house.ask, "VerifyLedger", PLATFORM))["Differences"] == []
    await asyncio.to_thread(fuzz.replays.check)
    await asyncio.to_thread(assert_books_at, dsn)
