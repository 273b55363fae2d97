"""The memory of the server process, idle and after 1,000,000 requests.

Resident memory of the one server process as the kernel counts it, shared pages included. What is
sent, over 64 connections: of each 20 requests one is a page of 10 records (10,000,000 usages on the
books), one is refused for a missing parameter, which leaves a row in the audit, and 18 are refused
for a signature that is wrong: cheap, so that there can be many. All are answered over the same
connections as anything else: parsed, looked at, counted. Memory is read after every 250,000. One
run: the number is of a process, not of a moment. The growth that counts is that of the second half,
when everything that is made once is made.
"""

from dataclasses import replace

from bench.books import LONG
from bench.calls import SignedCall
from bench.figures import Figure, Measurement, Result, result
from bench.lab import Lab
from bench.load import RightAnswer, put_load, require_wrk
from bench.pages import Pages
from bench.processes import resident_mb
from bench.server import Server

QUARTER = 250_000
TURNS = 500
CONNECTIONS = 64
LIMIT_S = 120
CEILING_MB, GROWTH_CEILING_MB = 120, 2

_ANY = RightAnswer(length_min=100, length_max=10_000, text='"RequestId"', times=1)


def run(lab: Lab, rounds: int) -> Result:
    """Resident memory, idle and after each quarter of the requests."""
    require_wrk()
    with lab.serving(LONG) as server:
        resident = [resident_mb(server.pid)]
        for _ in range(4):
            load = put_load(
                server, _mix(server), _ANY,
                connections=CONNECTIONS, limit_s=LIMIT_S, answers_max=QUARTER,
            )  # fmt: skip
            if load.answers < QUARTER:
                raise RuntimeError(f"only {load.answers:,} answers in {LIMIT_S} s")
            resident.append(resident_mb(server.pid))
    idle, *_, half, _, full = resident
    return result(
        "memory",
        [
            Figure("after 1,000,000 requests", [full], CEILING_MB, is_floor=False, unit="MB"),
            Figure("growth in the second half", [full - half], GROWTH_CEILING_MB, False, "MB"),
        ],
        [
            Measurement("idle", "MB", [idle]),
            *(
                Measurement(f"after {n * QUARTER:,} requests", "MB", [taken])
                for n, taken in enumerate(resident[1:], start=1)
            ),
        ],
    )


def _mix(server: Server) -> list[SignedCall]:
    calls = []
    pages = Pages(LONG, 10)
    refused = pages.refused(server, TURNS)
    for page, incomplete in zip(pages.calls(server, TURNS), refused, strict=True):
        forged = replace(page, headers={**page.headers, "authorization": _forged(page)})
        calls += [page, incomplete, *[forged] * 18]
    return calls


def _forged(call: SignedCall) -> str:
    head, _, signature = call.headers["authorization"].rpartition("Signature=")
    return f"{head}Signature={'0' * len(signature)}"
