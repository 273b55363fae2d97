"""The memory of the server process, idle and after 1,000,000 requests.

Resident memory of the one server process as the kernel counts it, shared pages included. What is
sent, over 64 connections: of each 20 requests one is a page of 10 records (10,000,000 usages on the
books), one is refused for a missing parameter, which leaves a row in the audit, one for a signature
that is wrong, and 17 because they are not signed: cheap, so that there can be many. All come over
the same connections and are parsed, looked at, answered and counted as any other. They are sent for
10 seconds at a time, until there were 1,000,000; memory is read in between. One run: the number is
of a process, not of a moment. The growth that counts is that of the second half, when everything
that is made once is made.
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

REQUESTS = 1_000_000
STEP_S = 10
TURNS = 500
CONNECTIONS = 64
CEILING_MB, GROWTH_CEILING_MB = 120, 2

_ANY = RightAnswer(length_min=80, length_max=10_000, text='"RequestId"', times=1)


def run(lab: Lab, rounds: int) -> Result:
    """Resident memory, idle, halfway and after all of the requests."""
    require_wrk()
    answers, half_mb = 0, 0.0
    with lab.serving(LONG) as server:
        idle_mb = full_mb = resident_mb(server.pid)
        while answers < REQUESTS:
            answers += put_load(
                server, _mix(server), _ANY, connections=CONNECTIONS, limit_s=STEP_S,
                answers_max=REQUESTS - answers,
            ).answers  # fmt: skip
            full_mb = resident_mb(server.pid)
            if not half_mb and answers >= REQUESTS / 2:
                half_mb = full_mb
    return result(
        "memory",
        [
            Figure("after 1,000,000 requests", [full_mb], CEILING_MB, is_floor=False, unit="MB"),
            Figure(
                "growth in the second half", [full_mb - half_mb], GROWTH_CEILING_MB, False, "MB"
            ),
        ],
        [
            Measurement("idle", "MB", [idle_mb]),
            Measurement("after 500,000 requests", "MB", [half_mb]),
            Measurement("answered in all", "requests", [answers]),
        ],
    )


def _mix(server: Server) -> list[SignedCall]:
    calls = []
    pages = Pages(LONG, 10)
    refused = pages.refused(server, TURNS)
    for page, incomplete in zip(pages.calls(server, TURNS), refused, strict=True):
        headers = {k: v for k, v in page.headers.items() if k != "authorization"}
        forged = replace(page, headers={**headers, "authorization": _forged(page)})
        calls += [page, incomplete, forged, *[replace(page, headers=headers)] * 17]
    return calls


def _forged(call: SignedCall) -> str:
    head, _, signature = call.headers["authorization"].rpartition("Signature=")
    return f"{head}Signature={'0' * len(signature)}"
