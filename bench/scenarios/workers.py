"""Two server processes beside one: pages, single charges and batches of charges a second.

`counterfoil serve --workers 2` and `counterfoil serve`, each started anew on the same book of
100,000 usages, in turn, and warmed up with pages for a second. The load generator and PostgreSQL
run on the same cores, so on a machine of two the second process has little to gain; it must cost
little too. Batches are calls of 1,000 at random about 10,000 customers: what two processes write at
once meets in about one voucher of ten, and what comes later there is decided anew.
"""

from random import Random

from bench.books import SHORT
from bench.charging import BATCH, charge
from bench.figures import Result, result
from bench.lab import Lab
from bench.load import Load, RightAnswer, compared, measurements, put_load, require_wrk
from bench.pages import Pages
from bench.server import Server

CONNECTIONS, BATCH_CONNECTIONS = 64, 8
SECONDS, WARM_UP_S = 3, 1
CALLS = 2_000
FLOOR = 0.9
OPTIONS = {1: (), 2: ("--workers", "2")}

PAGES = Pages(SHORT, 10)


def run(lab: Lab, rounds: int) -> Result:
    """Alternates one process and two; the ratios of their rates."""
    require_wrk()
    loads: dict[tuple[str, int], list[Load]] = {}
    for _ in range(rounds):
        for workers, options in OPTIONS.items():
            with lab.serving(SHORT, *options) as server:
                right = lab.checked(PAGES, server, CALLS)
                _ask(server, right, WARM_UP_S)
                pages = _ask(server, right, SECONDS)
                charges = {
                    size: charge(server, SHORT, Random(), size=size, connections=n, seconds=SECONDS)
                    for size, n in ((1, CONNECTIONS), (BATCH, BATCH_CONNECTIONS))
                }
            loads.setdefault(("pages", workers), []).append(pages)
            loads.setdefault(("single charges", workers), []).append(charges[1])
            loads.setdefault(("batches of 1,000", workers), []).append(charges[BATCH])
    figures = [
        compared(f"{kind}: two workers / one", loads[kind, 2], loads[kind, 1], FLOOR)
        for kind in ("pages", "single charges", "batches of 1,000")
    ]
    taken = [
        one
        for (kind, workers), measured in loads.items()
        for one in measurements(
            f"{kind}, {workers} worker{'s' if workers > 1 else ''}", measured, unit="answers/s"
        )
    ]
    return result("workers", figures, taken)


def _ask(server: Server, right: RightAnswer, limit_s: int) -> Load:
    return put_load(
        server, PAGES.calls(server, CALLS), right, connections=CONNECTIONS, limit_s=limit_s
    )
