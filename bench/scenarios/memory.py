"""The memory of the server process after 100,000 requests.

The pages of the scenario `usage_page` over 64 connections; resident memory as the kernel counts it,
shared pages included, when the server is idle, after 50,000 answers and after 100,000. One run: the
number is of a process, not of a moment.
"""

from bench.books import MANY_VOUCHERS
from bench.figures import Figure, Measurement, Result, result
from bench.lab import Lab
from bench.load import RightAnswer, put_load, require_wrk
from bench.processes import resident_mb
from bench.scenarios.usage_page import page_calls

HALF = 50_000
CONNECTIONS = 64
LIMIT_S = 120
CEILING_MB = 120

_FULL_PAGE = RightAnswer(length_min=1_000, length_max=10_000, text='"Id":', times=10)


def run(lab: Lab, rounds: int) -> Result:
    """Resident memory, idle and after each half of the requests."""
    require_wrk()
    with lab.serving(MANY_VOUCHERS) as server:
        resident = [resident_mb(server.pid)]
        for _ in range(2):
            load = put_load(
                server, page_calls(server), _FULL_PAGE,
                connections=CONNECTIONS, limit_s=LIMIT_S, answers_max=HALF,
            )  # fmt: skip
            if load.answers < HALF:
                raise RuntimeError(f"only {load.answers:,} answers in {LIMIT_S} s")
            resident.append(resident_mb(server.pid))
    idle_mb, half_mb, full_mb = resident
    return result(
        "memory",
        [Figure("after 100,000 requests", [full_mb], CEILING_MB, is_floor=False, unit="MB")],
        [
            Measurement("idle", "MB", [idle_mb]),
            Measurement("after 50,000 requests", "MB", [half_mb]),
            Measurement("growth from 50,000 to 100,000 requests", "MB", [full_mb - half_mb]),
        ],
    )
