"""Charges a second with 10,000,000 usages on the books, beside 100,000.

`ChargeVouchers` over signed HTTP in calls of 1,000 and single ones over 64 connections, as in
`charges`, on two servers that differ in nothing that is charged but how long the 20,000 vouchers'
histories are. They are charged in turn, after 10 seconds of calls of 1,000 on each: by then nearly
all vouchers were charged once, and the pages on which their rows and index entries go are in
memory. Until then the large book has more to read, and more to write to the log after a start.
"""

from random import Random

from bench.books import LONG, SHORT
from bench.charging import BATCH, charge
from bench.figures import Result, result
from bench.lab import Lab
from bench.load import Load, compared, measurements, require_wrk
from bench.server import Server

FLOOR = 0.75
KINDS = {"batches of 1,000": (BATCH, 4), "single charges": (1, 64)}  # charges, connections
SECONDS, WARM_UP_S = 3, 10
BOOKS = {"100,000": SHORT, "10,000,000": LONG}


def run(lab: Lab, rounds: int) -> Result:
    """Alternates the two books; the ratio of their rates."""
    require_wrk()
    loads: dict[tuple[str, str], list[Load]] = {}
    with lab.serving(LONG) as long, lab.serving(SHORT) as short:
        servers = {"100,000": short, "10,000,000": long}
        for usages, server in servers.items():
            _charge(server, usages, "batches of 1,000", WARM_UP_S)
        for _ in range(rounds):
            for kind in KINDS:
                for usages, server in servers.items():
                    load = _charge(server, usages, kind, SECONDS)
                    loads.setdefault((kind, usages), []).append(load)
    figures = [
        compared(
            f"{kind}: 10,000,000 usages / 100,000",
            loads[kind, "10,000,000"],
            loads[kind, "100,000"],
            FLOOR,
        )
        for kind in KINDS
    ]
    return result(
        "history",
        figures,
        [
            measurement
            for (kind, usages), measured in loads.items()
            for measurement in measurements(
                f"{kind}, {usages} usages", measured, size=KINDS[kind][0], unit="charges/s"
            )
        ],
    )


def _charge(server: Server, usages: str, kind: str, seconds: int) -> Load:
    size, connections = KINDS[kind]
    return charge(
        server, BOOKS[usages], Random(), size=size, connections=connections, seconds=seconds
    )
