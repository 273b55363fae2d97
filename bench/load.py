"""Load from wrk: what a server answers a second, and which process was the busy one."""

import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bench.calls import SignedCall
from bench.figures import Figure, Measurement, ratios
from bench.processes import measured_cpu

_SCRIPT = Path(__file__).with_name("load.lua")


class MissingTool(Exception):
    """A program that the bench needs is not installed; the text says how to get it."""


class Target(Protocol):
    """What load is put on: where it listens, and the pids of its processes by name."""

    @property
    def address(self) -> str:
        """host:port."""

    @property
    def processes(self) -> Mapping[str, int]:
        """The roots of its process trees."""


@dataclass(frozen=True)
class RightAnswer:
    """How an answer is judged: the length of its body in bytes, and a text it holds so often."""

    length_min: int
    length_max: int
    text: str
    times: int


@dataclass(frozen=True)
class Load:
    """What one run of wrk saw, and how many cores were busy for the target's processes, wrk and
    others."""

    answers: int
    answers_per_s: float
    p50_ms: float
    p99_ms: float
    cores: dict[str, float]

    @property
    def is_generator_busiest(self) -> bool:
        """Whether wrk, not what it measures, was the busy process: then the figure is wrk's."""
        measured = [busy for name, busy in self.cores.items() if name not in ("wrk", "others")]
        return self.cores["wrk"] >= max(measured)


def require_wrk() -> None:
    """Checks that the load generator is there.

    Raises:
        MissingTool: it is not.
    """
    if shutil.which("wrk") is None:
        raise MissingTool("the load generator wrk is missing: apt-get install wrk")


def put_load(
    target: Target,
    calls: Sequence[SignedCall],
    right: RightAnswer,
    *,
    connections: int,
    limit_s: float,
    answers_max: int = 0,
) -> Load:
    """Sends the calls in turn, over and over, until the time is up or so many answers came.

    The rate is that from the first request to the last answer.

    Raises:
        RuntimeError: an answer was wrong or did not come, so there is nothing to count.
    """
    with tempfile.NamedTemporaryFile(prefix="counterfoil-calls-") as file:
        file.write(b"\0".join(call.raw() for call in calls))
        file.flush()
        command = [
            "wrk", "--threads=1", f"--connections={connections}", f"--duration={limit_s:.0f}s",
            "--timeout=30s", f"--script={_SCRIPT}", f"http://{target.address}/", "--",
            file.name, str(right.length_min), str(right.length_max), right.text,
            str(right.times), str(answers_max),
        ]  # fmt: skip
        began_s = time.monotonic()
        with measured_cpu(target.processes) as cores:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
    ran_s = time.monotonic() - began_s
    lines = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")]
    if not lines:
        raise RuntimeError(f"wrk gave no result: {done.stdout}{done.stderr}")
    seen = json.loads(lines[0].removeprefix("RESULT "))
    if seen["wrong"] or seen["failed"] or not seen["answers"]:
        raise RuntimeError(f"not every answer was right: {seen}")
    return Load(
        answers=seen["answers"],
        answers_per_s=seen["answers"] / seen["elapsed_s"],
        p50_ms=seen["p50_ms"],
        p99_ms=seen["p99_ms"],
        # Before the first request and after the last answer all is idle.
        cores={
            "wrk" if name == "children" else name: busy * ran_s / seen["elapsed_s"]
            for name, busy in cores.items()
        },
    )


def compared(
    name: str,
    own: Sequence[Load],
    yardstick: Sequence[Load],
    target: float | None,
    *,
    is_floor: bool = True,
) -> Figure:
    """The ratio of two loads' rates, which counts only where wrk was never the busy process."""
    samples = ratios([one.answers_per_s for one in own], [one.answers_per_s for one in yardstick])
    return Figure(name, samples, target, is_floor, invalid=invalid([*own, *yardstick]))


def invalid(loads: Sequence[Load]) -> str:
    """Why a figure from these loads does not count; empty where it does."""
    is_invalid = any(load.is_generator_busiest for load in loads)
    return "does not count: the load generator was the busy process" if is_invalid else ""


def measurements(
    name: str, loads: Sequence[Load], *, size: int = 1, unit: str = "answers/s"
) -> Iterator[Measurement]:
    """All that was measured of a load, round by round; an answer counts for `size` of a unit."""
    yield Measurement(name, unit, [load.answers_per_s * size for load in loads])
    yield Measurement(f"{name}: p50", "ms", [load.p50_ms for load in loads])
    yield Measurement(f"{name}: p99", "ms", [load.p99_ms for load in loads])
    for busy in loads[0].cores:
        yield Measurement(f"{name}: {busy}", "cores", [load.cores[busy] for load in loads])
