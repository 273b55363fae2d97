"""Writes of a batch of which some are overtaken: another process writes their vouchers after they
were read. The others stand; these are decided anew."""

import asyncio
import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs
from tests.books import NOON, StoppedClock, charge, hold, issue, opened, origin
from tests.store.world import World

from counterfoil.domain.errors import Unavailable, ValueInsufficient
from counterfoil.ledger.charges import Capture
from counterfoil.ledger.command import Command
from counterfoil.ledger.corrections import Adjust, Refund
from counterfoil.ledger.process import Process

HOUR = timedelta(hours=1)
BALANCE = "select available_micro, held_micro, spent_micro from voucher where voucher_no = $1"


class Overtaking(StoppedClock):
    """A clock that has another process write, and commit, when it is read the second time: a batch
    has read then and not yet written. What it tries next fails, if so told."""

    def __init__(self, dsn: str, *commands: Command, then: Exception | None = None) -> None:
        super().__init__()
        self._dsn = dsn
        self._commands = commands
        self._then = then
        self._readings = 0

    def ledger(self) -> datetime:
        self._readings += 1
        if self._readings == 3 and self._then is not None:
            raise self._then
        if self._readings == 2:
            other = threading.Thread(target=lambda: asyncio.run(self._write()))
            other.start()
            other.join()
        return self.now

    async def _write(self) -> None:
        async with opened(self._dsn) as database:
            await Process(database, StoppedClock()).run(self._commands)


async def owning(world: World, *owners: int, face_micro: int = 100) -> list[int]:
    """New vouchers, one for each of these customers."""
    commands = [issue(world.tree.reseller, uin, face_micro) for uin in owners]
    return [answer.voucher_no for answer in await world.process.run(commands)]


async def run(
    world: World, dsn: str, other: Command, *commands: Command
) -> tuple[list[Any], list[int]]:
    """The answers of commands that another one overtakes; how many were decided anew each time."""
    process = Process(world.database, Overtaking(dsn, other))
    with capture_logs() as lines:
        answers = await process.run(commands)
    return answers, [line["writes"] for line in lines if line["event"] == "write_conflict"]


async def balance(world: World, voucher_no: int) -> tuple[int, ...]:
    """What is available, held and spent."""
    (row,) = await world.database.fetch(BALANCE, voucher_no)
    return tuple(row)


async def test_only_what_was_overtaken_is_decided_anew(world: World, dsn: str) -> None:
    by, (a, b) = world.tree.reseller, world.tree.customers[3:]
    of_a, of_b = await owning(world, a, b)
    answers, decided_anew = await run(
        world,
        dsn,
        charge(by, a, 90),
        charge(by, b, 30),
        charge(by, a, 4),
        hold(by, a, 3, expires_at=NOON + HOUR),
        charge(by, b, 5),
        charge(by, a, 7, token="twice"),
        charge(by, a, 7, token="twice"),
    )
    assert decided_anew == [4]
    paid = [answer.paid_micro for n, answer in enumerate(answers) if n != 2]
    assert (paid, answers[2].held_micro) == ([30, 4, 5, 3, 3], 3)
    assert answers[4] == answers[5]
    assert await balance(world, of_a) == (0, 3, 97)
    assert await balance(world, of_b) == (65, 0, 35)


async def test_an_owner_of_whom_half_was_written_has_the_whole_batch_decided_anew(
    world: World, dsn: str
) -> None:
    by, (a, b) = world.tree.reseller, world.tree.customers[3:]
    first, second, of_b = await owning(world, a, a, b)
    answers, decided_anew = await run(
        world,
        dsn,
        charge(by, a, 60, voucher_nos=(second,)),
        charge(by, a, 180),
        charge(by, b, 30),
    )
    assert decided_anew == [2]
    assert [answer.paid_micro for answer in answers] == [140, 30]
    assert await balance(world, first) == (0, 0, 100)
    assert await balance(world, second) == (0, 0, 100)
    assert await balance(world, of_b) == (70, 0, 30)


async def test_a_hold_that_somebody_else_captures_stands(world: World, dsn: str) -> None:
    by, (a, b) = world.tree.reseller, world.tree.customers[3:]
    of_a, of_b = await owning(world, a, b)
    held = await world.do(hold(by, b, 30, expires_at=NOON + HOUR))
    captured = Capture(origin(by), b, held.hold_id)
    answers, decided_anew = await run(
        world, dsn, charge(by, a, 90), captured, charge(by, a, 20), charge(by, b, 5)
    )
    assert decided_anew == [1]
    assert [answer.paid_micro for answer in answers] == [30, 10, 5]
    assert await balance(world, of_a) == (0, 0, 100)
    assert await balance(world, of_b) == (65, 0, 35)


@pytest.mark.parametrize("is_quota", [False, True])
async def test_a_hold_of_its_own_or_quota_has_the_whole_batch_decided_anew(
    world: World, dsn: str, is_quota: bool
) -> None:
    by, (a, b) = world.tree.reseller, world.tree.customers[3:]
    of_a, of_b = await owning(world, a, b)
    held = await world.do(hold(by, a, 30, expires_at=NOON + HOUR))
    besides: Command = issue(by, b, 500) if is_quota else Capture(origin(by), a, held.hold_id)
    answers, decided_anew = await run(
        world, dsn, charge(by, a, 60), besides, charge(by, a, 20), charge(by, b, 5)
    )
    assert decided_anew == [3]
    assert (answers[1].paid_micro, answers[2].paid_micro) == (10, 5)
    assert await balance(world, of_a) == ((0, 30, 70) if is_quota else (0, 0, 100))
    assert await balance(world, of_b) == (95, 0, 5)


async def refunded(world: World, uin: int) -> list[Command]:
    """Of a customer whose vouchers are spent: an adjustment that lacks value, and a refund after
    which it would not."""
    spent = await world.do(charge(world.tree.reseller, uin, 100))
    usage_id, by = spent.allocations[0].usage_id, world.tree.reseller
    return [Adjust(origin(by), uin, usage_id, 10), Refund(origin(by), uin, usage_id, 40)]


@pytest.mark.parametrize("error", [RuntimeError("disturbed"), Unavailable("gone")])
async def test_what_was_committed_is_not_decided_again_whatever_becomes_of_the_rest(
    world: World, dsn: str, error: Exception
) -> None:
    by, (a, b) = world.tree.reseller, world.tree.customers[3:]
    of_a, of_b = await owning(world, a, b)
    commands = await refunded(world, b)
    clock = Overtaking(dsn, charge(by, a, 90), then=error)
    answers = await Process(world.database, clock).run([*commands, charge(by, a, 5)])
    assert isinstance(answers[0], ValueInsufficient)
    assert answers[1].amount_micro == -40
    assert answers[2] is error
    assert await balance(world, of_a) == (10, 0, 90)
    assert await balance(world, of_b) == (40, 0, 60)
    assert await world.do(commands[1]) == answers[1]
