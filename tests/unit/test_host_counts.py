"""Counts that processes share, each of them with its own view of one table."""

import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from counterfoil.clock import Clock
from counterfoil.wire.host_counts import HostCounts, shared_table

COUNTING = """
import sys
from counterfoil.wire.host_counts import HostCounts
counts = HostCounts(int(sys.argv[1]))
for _ in range(int(sys.argv[2])):
    counts.incr("a", 60)
"""


@pytest.fixture
def table() -> Iterator[int]:
    with shared_table() as descriptor:
        yield descriptor


def counting(table: int, times: int) -> subprocess.Popen[bytes]:
    """A process that counts so many times."""
    command = [sys.executable, "-c", COUNTING, str(table), str(times)]
    return subprocess.Popen(command, pass_fds=[table])


def test_several_processes_miss_no_call(table: int) -> None:
    processes = [counting(table, 5_000) for _ in range(3)]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    assert HostCounts(table).incr("a", 60) == 15_001


def test_one_that_dies_stops_nobody(table: int) -> None:
    counts = HostCounts(table)
    for _ in range(5):
        process = counting(table, 10**9)
        before = counts.incr("a", 60)
        while counts.incr("a", 60) == before + 1:  # nobody else counts yet
            before += 1
        process.kill()
        process.wait()
        assert counts.incr("a", 60) + 1 == counts.incr("a", 60)


def test_keys_are_counted_apart_and_forgotten_in_time(
    table: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = HostCounts(table)
    assert [counts.incr(key, 2) for key in "aabaab"] == [1, 2, 1, 3, 4, 2]
    later_s = time.monotonic() + 2
    monkeypatch.setattr(Clock, "elapsed", staticmethod(lambda: later_s))
    assert counts.incr("a", 2) == 1


def test_more_keys_than_there_is_room_for_are_counted_all_the_same(table: int) -> None:
    counts = HostCounts(table)
    keys = [f"key {n}" for n in range(100_000)]  # of 65,536 slots
    assert {counts.incr(key, 60) for key in keys} == {1}
    assert {counts.incr(key, 60) for key in keys} == {2}
