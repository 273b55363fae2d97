"""A load of charges while the server and its PostgreSQL are killed: what was acknowledged is there
once, what was not is there once or not at all, and its token tells which.

SOAK=1 kills sixty times.
"""

import os
import signal
import socket
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random
from threading import Event
from typing import Any

import pytest
from tests.books import assert_books_at
from tests.databases import query
from tests.fault.conftest import Serve
from tests.fault.process import Server, processes_of, workers_of
from tests.fault.writing import Client, Unanswered, charge_of, give_vouchers, has_failed
from tests.store.owner_process import eventually, server_pid

from counterfoil.domain.money import micro
from counterfoil.ledger.sample import CUSTOMER_A
from counterfoil.store import embedded

IS_SOAK = bool(os.environ.get("SOAK"))
KILLS = 60 if IS_SOAK else 6
CLIENTS = 8
WITHIN_S = 60
OPTIONS = ("--sample", "--no-rate-limit")
VICTIMS = ("postgresql", "server", "both", "worker")

# What stands under each token: what it answers it paid, and what the usage rows of it add up to.
EFFECTS = """
    select i.token, (i.answer ->> 1)::bigint, coalesce(sum(u.amount_micro), 0)::bigint,
        count(u.usage_id)
    from idempotency as i
    left join usage as u
        on u.owner_uin = i.owner_uin and u.operation_id = i.operation_id
    where i.owner_uin = $1 and i.token like 'load-%'
    group by i.token, i.answer
"""
SPENT = "select sum(spent_micro)::bigint from voucher where owner_uin = $1"


@dataclass
class Load:
    """Clients that charge without pause. They never repeat what failed: that comes after."""

    address: str
    sent: dict[str, dict[str, Any]] = field(default_factory=dict)
    acknowledged: dict[str, dict[str, Any]] = field(default_factory=dict)
    stopped: Event = field(default_factory=Event)

    @property
    def unacknowledged(self) -> list[str]:
        """The tokens of which nothing was heard."""
        return [token for token in self.sent if token not in self.acknowledged]

    def client(self, n: int) -> None:
        """One client: a call of one to five charges after the other."""
        rng, client, turns = Random(n), Client(self.address), count()
        while not self.stopped.is_set():
            turn = next(turns)
            items = [
                charge_of(f"load-{n}-{turn}-{k}", f"0.{rng.randint(1, 9_999):08d}")
                for k in range(rng.choice([1, 1, 1, 5]))
            ]
            tokens = [item["ClientToken"] for item in items]
            self.sent |= dict(zip(tokens, items, strict=True))
            try:
                answer = client.call("ChargeVouchers", {"Charges": items})
            except Unanswered:
                answer = None
            if answer is None or has_failed(answer):
                self.stopped.wait(0.1)
            else:
                self.acknowledged |= dict(zip(tokens, answer["Results"], strict=True))
        client.close()

    def repeated(self, tokens: Sequence[str]) -> dict[str, dict[str, Any]]:
        """What the charges with these tokens answer when they are sent again."""
        client, answers = Client(self.address), {}
        for first in range(0, len(tokens), 100):
            some = tokens[first : first + 100]
            items = [self.sent[token] for token in some]
            results = client.call("ChargeVouchers", {"Charges": items})["Results"]
            answers |= dict(zip(some, results, strict=True))
        client.close()
        return answers

    def goes_on(self) -> None:
        """Until charges are acknowledged that were not when asked."""
        seen = len(self.acknowledged)
        eventually(lambda: len(self.acknowledged) > seen + 3, WITHIN_S)


@contextmanager
def under_load(address: str) -> Iterator[Load]:
    """A load on the server at this address, wherever it runs just now."""
    load = Load(address)
    with ThreadPoolExecutor(CLIENTS) as clients:
        running: list[Future[None]] = [clients.submit(load.client, n) for n in range(CLIENTS)]
        try:
            yield load
        finally:
            load.stopped.set()
        for one in running:
            one.result()


def paid_by_token(data: Path) -> dict[str, int]:
    """What each charge of the load paid, as the books have it; each has one answer and its rows."""
    rows = query(embedded.dsn(data), EFFECTS, CUSTOMER_A)
    paid = {}
    for token, answered_micro, posted_micro, usages in rows:
        assert (answered_micro, bool(usages)) == (posted_micro, bool(posted_micro))
        paid[token] = posted_micro
    assert len(paid) == len(rows)
    return paid


def check_effects(load: Load, data: Path) -> None:
    """What was told is so, and what was not told turns out to be."""
    before = paid_by_token(data)
    assert before.keys() <= load.sent.keys()
    told = {token: micro(result["PaidAmount"]) for token, result in load.acknowledged.items()}
    assert told == {token: before.get(token) for token in told}
    assert load.repeated(list(load.acknowledged)) == load.acknowledged
    answers = load.repeated(load.unacknowledged)
    found = {token: micro(answer["PaidAmount"]) for token, answer in answers.items()}
    assert paid_by_token(data) == told | found
    assert before.items() <= (told | found).items()
    assert_books_at(embedded.dsn(data))


@pytest.mark.timeout(0 if IS_SOAK else 240)
@pytest.mark.parametrize("workers", [1, 2])
def test_kills_at_random_lose_no_charge_and_make_none(
    serve: Serve, data: Path, workers: int
) -> None:
    options = (*OPTIONS, "--port", str(_free_port()), "--workers", str(workers))
    rng = Random(KILLS)
    server = serve(data, *options).wait_ready()
    give_vouchers(server.address, 5, "1000")
    ((spent_before,),) = query(embedded.dsn(data), SPENT, CUSTOMER_A)
    with under_load(server.address) as load:
        for kill in range(KILLS):
            load.goes_on()
            time.sleep(rng.uniform(0, 0.3))
            victim = VICTIMS[kill % (3 if workers == 1 else 4)]
            _kill(victim, rng, server)
            if victim in ("server", "both"):
                assert "Traceback" not in server.errors()
                server = serve(data, *options).wait_ready()
        load.goes_on()
    assert load.unacknowledged
    check_effects(load, data)
    ((spent_after,),) = query(embedded.dsn(data), SPENT, CUSTOMER_A)
    assert spent_after - spent_before == sum(paid_by_token(data).values())
    assert server.end() == 0
    assert "Traceback" not in server.errors()
    assert processes_of(data) == []


def _kill(victim: str, rng: Random, server: Server) -> None:
    """Kills PostgreSQL, the server, both, or one process of several that serve."""
    if victim == "worker":
        os.kill(rng.choice(workers_of(server)), signal.SIGKILL)
    if victim in ("postgresql", "both"):
        os.kill(server_pid(server.data), signal.SIGKILL)
    if victim in ("server", "both"):
        workers = workers_of(server)
        server.end(signal.SIGKILL)
        eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port
