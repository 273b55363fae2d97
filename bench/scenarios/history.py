"""Charges a second with 10,000,000 usages on the books, beside 100,000.

`ChargeVouchers` over signed HTTP in calls of 1,000 and single ones over 64 connections, as in
`charges`, on two servers that differ in nothing but how long their 20,000 vouchers' histories are.
They are charged in turn. The long history is loaded first, which takes some minutes and 6 GB of
disk.
"""

from random import Random

from bench.books import CHARGED_VOUCHERS, LONG_HISTORY
from bench.charging import BATCH, charge
from bench.figures import Figure, Measurement, Result, ratios, result
from bench.lab import Lab
from bench.load import require_wrk

FLOOR = 0.7
CALLS = {"batches of 1,000": (80, BATCH), "single charges": (12_000, 1)}
BOOKS = {"100,000": CHARGED_VOUCHERS, "10,000,000": LONG_HISTORY}


def run(lab: Lab, rounds: int) -> Result:
    """Alternates the two books; the ratio of their rates."""
    require_wrk()
    rates: dict[tuple[str, str], list[float]] = {}
    with lab.serving(LONG_HISTORY) as long, lab.serving(CHARGED_VOUCHERS) as short:
        servers = {"100,000": short, "10,000,000": long}
        for n in range(-1, rounds):  # the first round warms up
            for kind, (calls, size) in CALLS.items():
                for usages, server in servers.items():
                    load = charge(server, BOOKS[usages], Random(n + 2), calls=calls, size=size)
                    if n >= 0:
                        rates.setdefault((kind, usages), []).append(load.answers_per_s * size)
    figures = [
        Figure(
            f"{kind}: 10,000,000 usages / 100,000",
            ratios(rates[kind, "10,000,000"], rates[kind, "100,000"]),
            target=FLOOR,
            is_floor=True,
        )
        for kind in CALLS
    ]
    measurements = [
        Measurement(f"{kind}, {usages} usages", "charges/s", samples)
        for (kind, usages), samples in rates.items()
    ]
    return result("history", figures, measurements)
