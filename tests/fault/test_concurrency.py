"""Many clients at the same few vouchers: nobody waits for ever, nothing is spent twice.

SOAK=1 makes it twenty times as long.
"""

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from threading import Lock
from typing import Any

import pytest
from tests.audit import all_breaches
from tests.books import (
    Tree,
    assert_books,
    assert_books_at,
    bought,
    charge,
    grant,
    ledger_server,
    opened,
    origin,
    plant,
)
from tests.databases import query
from tests.fault.conftest import Serve
from tests.fault.writing import LATER, Client, charge_of, give_vouchers

from counterfoil.clock import Clock
from counterfoil.domain.errors import NotOpen, Untimely, ValueInsufficient
from counterfoil.domain.money import micro
from counterfoil.domain.voucher import Terms
from counterfoil.ledger import results
from counterfoil.ledger.charges import Capture, OpenHold, Release
from counterfoil.ledger.command import Command
from counterfoil.ledger.corrections import Adjust, Refund
from counterfoil.ledger.issuing import IssueVoucher, VoucherFacts
from counterfoil.ledger.process import Process
from counterfoil.ledger.sample import CUSTOMER_A
from counterfoil.store.database import Database

CLIENTS = 32
TURNS = 200 if os.environ.get("SOAK") else 25
DEADLOCKS = "select deadlocks from pg_stat_database where datname = current_database()"
SPENT = "select coalesce(sum(spent_micro), 0) from voucher where owner_uin = any($1)"


@pytest.fixture(scope="module")
def dsn() -> Iterator[str]:
    with ledger_server() as name:
        yield name


@dataclass
class Crowd:
    """Clients of several processes at two customers' vouchers, and what they know of each other's
    writes."""

    processes: list[Process]
    tree: Tree
    rng: Random
    holds: list[tuple[int, int]] = field(default_factory=list)  # (owner, id)
    usages: list[tuple[int, int]] = field(default_factory=list)
    spent_micro: int = 0
    told: Counter[str] = field(default_factory=Counter)

    async def client(self, n: int) -> None:
        """One client: writes at random, each at two processes at once now and then."""
        for _ in range(TURNS):
            command: Any = self._command()
            asked = [self.processes[n % len(self.processes)].run([command])]
            if self.rng.random() < 0.2:
                asked.append(self.rng.choice(self.processes).run([replace(command)]))
            answers = [answer for (answer,) in await asyncio.gather(*asked)]
            # A refusal leaves no trace: the second may have found what the first lacked.
            taken = [answer for answer in answers if not isinstance(answer, Exception)]
            assert taken == taken[:1] * len(taken)
            self._note(command.owner_uin, (taken or answers)[0])

    def _command(self) -> Command:
        rng, by = self.rng, self.tree.reseller
        turn = rng.choice(["charge", "charge", "hold", "capture", "release", "refund", "adjust"])
        if turn in ("capture", "release") and self.holds:
            hold = rng.choice(self.holds[-8:])
            if turn == "release":
                return Release(origin(by), *hold)
            return Capture(origin(by), *hold, rng.choice([None, rng.randint(1, 9)]))
        if turn in ("refund", "adjust") and self.usages:
            usage, amount = rng.choice(self.usages[-8:]), rng.randint(1, 4)
            if turn == "refund":
                return Refund(origin(by), *usage, amount)
            return Adjust(origin(by), *usage, rng.choice([amount, -amount]))
        uin = rng.choice(_customers(self.tree))
        amounts = [rng.randint(1, 30) for _ in range(rng.randint(1, 3))]
        if turn == "hold":
            lasts = timedelta(seconds=rng.choice([0.05, 0.3, 60]))
            return OpenHold(origin(by), uin, bought(*amounts), Clock().ledger() + lasts)
        return charge(by, uin, *amounts)

    def _note(self, owner_uin: int, answer: Any) -> None:
        self.told[type(answer).__name__] += 1
        match answer:
            case results.Charged():
                self.spent_micro += answer.paid_micro
                self.usages += [(owner_uin, paid.usage_id) for paid in answer.allocations]
            case results.Held():
                self.holds.append((owner_uin, answer.hold_id))
            case results.Corrected():
                self.spent_micro += answer.amount_micro
            case Exception():
                assert isinstance(answer, (NotOpen, ValueInsufficient, Untimely)), answer


@asynccontextmanager
async def crowd(dsn: str, processes: int, seed: int) -> AsyncIterator[tuple[Crowd, Database]]:
    """A crowd at ten vouchers of two customers that hold too little for all; its books are looked
    at in the end."""
    async with opened(dsn) as database, opened(dsn) as other:
        databases = [database, other][:processes]
        tree = await plant(database)
        own = [Process(one, Clock()) for one in databases]
        await own[0].run([grant(tree.platform, tree.reseller.main_uin, 100_000)])
        await own[0].run([_issue(tree, n) for n in range(10)])
        before = await database.fetch(DEADLOCKS)
        made = Crowd(own, tree, Random(seed))
        yield made, database
        assert await all_breaches(database) == []
        await assert_books(database)
        ((spent_micro,),) = await database.fetch(SPENT, _customers(tree))
        assert spent_micro == made.spent_micro
        assert await database.fetch(DEADLOCKS) == before


def _issue(tree: Tree, n: int) -> IssueVoucher:
    """One voucher of the ten; the last two end while the crowd is at work."""
    lasts = timedelta(seconds=1) if n >= 8 else timedelta(days=1)
    facts = VoucherFacts(200 * TURNS, None, Clock().ledger() + lasts, Terms())
    return IssueVoucher(origin(tree.reseller), _customers(tree)[n % 2], facts)


def _customers(tree: Tree) -> Sequence[int]:
    """The reseller's two."""
    return tree.customers[3:]


@pytest.mark.timeout(0 if os.environ.get("SOAK") else 120)
@pytest.mark.parametrize("processes", [1, 2])
async def test_a_crowd_spends_nothing_twice_and_nobody_is_locked_out(
    dsn: str, processes: int
) -> None:
    async with crowd(dsn, processes, seed=processes) as (made, _):
        await asyncio.gather(*(made.client(n) for n in range(CLIENTS)))
        kinds = {"Charged", "Held", "Moved", "Corrected", "NotOpen"}
        assert kinds <= made.told.keys() <= {*kinds, "ValueInsufficient", "Untimely"}


@dataclass
class Shop:
    """What the clients of two servers, or of one twice, know of each other's writes."""

    addresses: list[str]
    hold_ids: list[int] = field(default_factory=list)
    usage_ids: list[int] = field(default_factory=list)
    spent_micro: int = 0
    lock: Lock = field(default_factory=Lock)

    def client(self, n: int) -> None:
        """One client: writes at random, each at both servers at once now and then."""
        rng = Random(n)
        here, there = Client(self.addresses[n % 2]), Client(self.addresses[(n + 1) % 2])
        with ThreadPoolExecutor(1) as aside:
            for turn in range(TURNS):
                action, members = self._asked(rng, f"client-{n}-{turn}")
                is_doubled = rng.random() < 0.3
                other = aside.submit(there.call, action, members) if is_doubled else None
                answers = [here.call(action, members), *([other.result()] if other else [])]
                # A refusal leaves no trace: the other may have found what this one lacked.
                taken = [_without_id(answer) for answer in answers if "Error" not in answer]
                assert taken == taken[:1] * len(taken)
                self._note(action, (taken or answers)[0])
        here.close()
        there.close()

    def _asked(self, rng: Random, token: str) -> tuple[str, dict[str, Any]]:
        about = {"ClientToken": token, "CustomerUin": CUSTOMER_A}
        turn = rng.randrange(6)
        if turn == 0 and self.hold_ids:
            return "CaptureHold", {**about, "HoldId": rng.choice(self.hold_ids[-8:])}
        if turn == 1 and self.hold_ids:
            return "ReleaseHold", {**about, "HoldId": rng.choice(self.hold_ids[-8:])}
        if turn == 2 and self.usage_ids:
            usage_id = rng.choice(self.usage_ids[-8:])
            return "AdjustUsage", {**about, "UsageId": usage_id, "Amount": "-0.00000001"}
        one = charge_of(token, f"0.{rng.randint(1, 99):08d}")
        if turn in (1, 3):
            return "HoldVouchers", {**one, "ExpireTime": LATER}
        return "ChargeVouchers", {"Charges": [one]}

    def _note(self, action: str, answer: dict[str, Any]) -> None:
        if "Error" in answer:
            assert answer["Error"]["Code"] == "FailedOperation", answer
            return
        with self.lock:
            if action == "HoldVouchers":
                self.hold_ids.append(answer["HoldId"])
            elif action == "AdjustUsage":
                self.spent_micro -= 1
            elif action in ("ChargeVouchers", "CaptureHold"):
                paid = answer["Results"][0] if action == "ChargeVouchers" else answer
                self.spent_micro += micro(paid["PaidAmount"])
                self.usage_ids += [part["UsageId"] for part in paid["Allocations"]]


def _without_id(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer but for what is each call's own."""
    return {name: value for name, value in answer.items() if name != "RequestId"}


@pytest.mark.dsn
@pytest.mark.timeout(0 if os.environ.get("SOAK") else 120)
@pytest.mark.parametrize(("count", "workers"), [(2, 1), (1, 2)])
def test_two_servers_or_two_processes_of_one_keep_one_book(
    serve: Serve, tmp_path: Path, database: str, count: int, workers: int
) -> None:
    options = ("--sample", "--no-rate-limit", "--database", database, "--workers", str(workers))
    servers = [serve(tmp_path, *options).wait_ready() for _ in range(count)]
    give_vouchers(servers[0].address, 10, "0.00005")
    ((spent_before,),) = query(database, SPENT, [CUSTOMER_A])
    before = query(database, DEADLOCKS)
    shop = Shop([servers[0].address, servers[-1].address])
    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(shop.client, range(CLIENTS)))
    assert shop.hold_ids
    assert shop.usage_ids
    ((spent_after,),) = query(database, SPENT, [CUSTOMER_A])
    assert spent_after - spent_before == shop.spent_micro
    assert query(database, DEADLOCKS) == before
    assert_books_at(database)
    assert {server.end() for server in servers} == {0}
    assert {server.errors() for server in servers} == {""}
