"""Load from wrk: what a server answers a second, and which process was the busy one."""

import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.calls import SignedCall
from bench.processes import measured_cpu
from bench.server import Server

_SCRIPT = Path(__file__).with_name("load.lua")


class MissingTool(Exception):
    """A program that the bench needs is not installed; the text says how to get it."""


@dataclass(frozen=True)
class RightAnswer:
    """How an answer is judged: the length of its body in bytes, and a text it holds so often."""

    length_min: int
    length_max: int
    text: str
    times: int


@dataclass(frozen=True)
class Load:
    """What one run of wrk saw, and how many cores were busy for server, postgresql, wrk, others."""

    answers: int
    answers_per_s: float
    p50_ms: float
    p99_ms: float
    cores: dict[str, float]

    @property
    def is_generator_busiest(self) -> bool:
        """Whether wrk, not what it measures, was the busy process: then the figure is wrk's."""
        return self.cores["wrk"] >= max(self.cores["server"], self.cores["postgresql"])


def require_wrk() -> None:
    """Checks that the load generator is there.

    Raises:
        MissingTool: it is not.
    """
    if shutil.which("wrk") is None:
        raise MissingTool("the load generator wrk is missing: apt-get install wrk")


def put_load(
    server: Server,
    calls: Sequence[SignedCall],
    right: RightAnswer,
    *,
    connections: int,
    limit_s: float,
    answers_max: int = 0,
) -> Load:
    """Sends the calls in turn, over and over, until the time is up or so many answers came.

    Raises:
        RuntimeError: an answer was wrong or did not come, so there is nothing to count.
    """
    with tempfile.NamedTemporaryFile(prefix="counterfoil-calls-") as file:
        file.write(b"\0".join(call.raw() for call in calls))
        file.flush()
        command = [
            "wrk", "--threads=1", f"--connections={connections}", f"--duration={limit_s:.0f}s",
            "--timeout=30s", f"--script={_SCRIPT}", f"http://{server.address}/", "--",
            file.name, str(right.length_min), str(right.length_max), right.text,
            str(right.times), str(answers_max),
        ]  # fmt: skip
        roots = {"server": server.pid, "postgresql": server.postgresql_pid}
        began_s = time.monotonic()
        with measured_cpu(roots) as cores:
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
        # After the last answer wrk waits for its time to be up, and all is idle.
        cores={
            "wrk" if name == "children" else name: busy * ran_s / seen["elapsed_s"]
            for name, busy in cores.items()
        },
    )
