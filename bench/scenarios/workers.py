"""Two server processes beside one: pages and single charges a second.

`counterfoil serve --workers 2` and `counterfoil serve`, each started anew on the same book of
100,000 usages, in turn. The load generator and PostgreSQL run on the same cores, so on a machine of
two the second process has little to gain; it must cost little too.
"""

from random import Random

from bench.books import SHORT
from bench.charging import charge
from bench.figures import Result, result
from bench.lab import Lab
from bench.load import Load, compared, measurements, put_load, require_wrk
from bench.pages import Pages

CONNECTIONS = 64
SECONDS = 3
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
                right = PAGES.checked(server, CALLS)
                pages = put_load(
                    server, PAGES.calls(server, CALLS), right,
                    connections=CONNECTIONS, limit_s=SECONDS,
                )  # fmt: skip
                charges = charge(
                    server, SHORT, Random(), size=1, connections=CONNECTIONS, seconds=SECONDS
                )
            loads.setdefault(("pages", workers), []).append(pages)
            loads.setdefault(("charges", workers), []).append(charges)
    figures = [
        compared(f"{kind}: two workers / one", loads[kind, 2], loads[kind, 1], FLOOR)
        for kind in ("pages", "charges")
    ]
    taken = [
        one
        for (kind, workers), measured in loads.items()
        for one in measurements(
            f"{kind}, {workers} worker{'s' if workers > 1 else ''}", measured, unit=f"{kind}/s"
        )
    ]
    return result("workers", figures, taken)
