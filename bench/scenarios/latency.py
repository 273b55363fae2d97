"""How long one caller waits for a page: alone beside one SELECT, and among 64.

Pages of 10 records, 10,000,000 usages on the books. One connection of wrk, which asks for a page
when it has the last; the yardstick asks for the same pages by the service's own statement,
prepared, with the same driver, event loop and socket. What lies between is HTTP, the signature,
permissions and the answer's text, in another process. Then 64 connections: the slowest of a hundred
beside the median.
"""

import time

import uvloop

from bench.books import LONG
from bench.figures import Figure, Measurement, Result, ratios, result
from bench.lab import Lab
from bench.load import Load, RightAnswer, invalid, measurements, put_load, require_wrk
from bench.pages import Pages
from bench.server import Server
from counterfoil.store import embedded
from counterfoil.store.database import Database

ROUND_S, WARM_UP_S = 3, 1
CALLS = 2_000
ALONE_CEILING, TAIL_CEILING = 2.5, 4.0

PAGES = Pages(LONG, 10)


def run(lab: Lab, rounds: int) -> Result:
    """Alternates pages and SELECTs; the ratios of their times."""
    require_wrk()
    loads: dict[int, list[Load]] = {1: [], 64: []}
    selects: list[float] = []
    with lab.serving(LONG) as server:
        right = lab.checked(PAGES, server, CALLS)
        _ask(server, right, 64, WARM_UP_S)
        for _ in range(rounds):
            for connections, taken in loads.items():
                taken.append(_ask(server, right, connections, ROUND_S))
            selects.append(uvloop.run(_select_p50_ms(server)))
    tails = [load.p99_ms for load in loads[64]]
    figures = [
        Figure(
            "one connection: p50 of a page / p50 of its SELECT",
            ratios([load.p50_ms for load in loads[1]], selects),
            ALONE_CEILING,
            is_floor=False,
        ),
        Figure(
            "64 connections: p99 / p50",
            ratios(tails, [load.p50_ms for load in loads[64]]),
            TAIL_CEILING,
            is_floor=False,
            invalid=invalid(loads[64]),
        ),
    ]
    return result(
        "latency",
        figures,
        [
            Measurement("one SELECT: p50", "ms", selects),
            *measurements("pages, 1 connection", loads[1]),
            *measurements("pages, 64 connections", loads[64]),
        ],
    )


def _ask(server: Server, right: RightAnswer, connections: int, limit_s: int) -> Load:
    return put_load(
        server, PAGES.calls(server, CALLS), right, connections=connections, limit_s=limit_s
    )


async def _select_p50_ms(server: Server) -> float:
    """The median time of one page's SELECT."""
    database = await Database.open(embedded.dsn(server.data), connections=1)
    times: list[float] = []
    sql, parameters = PAGES.statements(CALLS)
    try:
        ends_s = time.perf_counter() + ROUND_S
        while (began_s := time.perf_counter()) < ends_s:
            (row,) = await database.fetch(sql, *parameters[len(times) % CALLS])
            times.append(1_000 * (time.perf_counter() - began_s))
            assert row["record_count"] == PAGES.shelf.usages_each
    finally:
        await database.close()
    return sorted(times)[len(times) // 2]
