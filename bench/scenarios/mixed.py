"""Reads while others write: 80 % pages and 20 % charges, beside pages alone.

64 connections, each asking in turn for pages of 10 records and, every fifth time, for one charge;
1 in 5 waits for a commit, so the rate is that of a mix and not of the pages in it. One server
process, 10,000,000 usages on the books; the vouchers that are read and those that are charged have
different owners. Both kinds of answer are checked for their length and, one of 16, for being no
error.
"""

from itertools import chain
from random import Random

from bench.books import LONG
from bench.charging import charge_calls, right_answer
from bench.figures import Result, result
from bench.lab import Lab
from bench.load import Load, RightAnswer, compared, measurements, put_load, require_wrk
from bench.pages import Pages
from bench.server import Server

CONNECTIONS = 64
SECONDS, WARM_UP_S = 3, 1
CALLS = 12_000  # more than are answered meanwhile: each charge is sent once
CHECKED = 2_000
PAGES_TO_A_CHARGE = 4

PAGES = Pages(LONG, 10)


def run(lab: Lab, rounds: int) -> Result:
    """Alternates reads and the mix; the ratio of their rates."""
    require_wrk()
    loads: dict[str, list[Load]] = {"reads alone": [], "80 % reads, 20 % charges": []}
    with lab.serving(LONG) as server:
        page = lab.checked(PAGES, server, CHECKED)
        for n in range(-1, rounds):  # the first round warms up
            turn = _turn(server, page, SECONDS if n >= 0 else WARM_UP_S)
            for kind, load in zip(loads, turn, strict=True):
                if n >= 0:
                    loads[kind].append(load)
    reads, mixed = loads.values()
    figure = compared("80 % reads and 20 % charges / reads alone", mixed, reads, None)
    taken = [one for kind, same in loads.items() for one in measurements(kind, same)]
    return result("mixed", [figure], taken)


def _turn(server: Server, page: RightAnswer, seconds: int) -> tuple[Load, Load]:
    reads = put_load(
        server, PAGES.calls(server, CHECKED), page, connections=CONNECTIONS, limit_s=seconds
    )
    charges = charge_calls(server, LONG, Random(), count=CALLS // (PAGES_TO_A_CHARGE + 1))
    pages = PAGES.calls(server, len(charges) * PAGES_TO_A_CHARGE)
    groups = zip(charges, *[iter(pages)] * PAGES_TO_A_CHARGE, strict=True)
    right = RightAnswer(right_answer(1).length_min, page.length_max, text='"Error"', times=0)
    mixed = put_load(
        server, list(chain.from_iterable(groups)), right,
        connections=CONNECTIONS, limit_s=seconds, answers_max=CALLS - CONNECTIONS,
    )  # fmt: skip
    return reads, mixed
