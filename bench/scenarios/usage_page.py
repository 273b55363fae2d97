"""Pages of usage a second: 10, 100 and 1,000 records, 100,000 and 10,000,000 usages on the books.

Signed calls (TC3-HMAC-SHA256), one server process, rate limits off. Pages of 10 and 100 are those
of `DescribeCustomerVoucherUsageDetails`, pages of 1,000 those of `DescribeVoucherUsageDetails`;
which page of which voucher is random. There are four yardsticks:

- **refusals**: the same server, action and signature with `VoucherId` missing: everything but the
  database, save that a refusal leaves a row in the audit, written in bulk beside the requests;
- **pgbench**: the service's own statement for one page, prepared, over the same socket to the same
  PostgreSQL, which renders the rows there too: what the database could do if nobody signed,
  parsed, gathered or spoke HTTP. Against 64 connections it has 32 clients;
- **the other book**: the same pages with a hundredth of the usages;
- **moto_server**, an emulator of AWS that developers use in the place that this project has for
  Tencent Cloud: `Query` of a DynamoDB table for 10 items, of 1,000 in memory, one process as it
  comes. It checks no signature here and keeps nothing. That it is slower says that an emulator
  need not be; it says nothing of DynamoDB.

Each round takes all of it in turn. Before the first round every page is read once and compared with
what was filled in; under load every answer's length is checked, and one of 16 is searched for its
records. One answer that is wrong or missing fails the run.
"""

from collections.abc import Iterator
from contextlib import ExitStack

from bench.books import LONG, SHORT
from bench.figures import Figure, Measurement, Result, ratios, result
from bench.lab import Lab
from bench.load import Load, RightAnswer, compared, invalid, measurements, put_load, require_wrk
from bench.pages import SESSION_OPTIONS, Pages
from bench.peers import ITEMS, QUERY, moto_server
from bench.pgbench import Pgbench
from bench.server import Server
from counterfoil.store import embedded

ROUND_S = 2
BOOKS = {"100,000": SHORT, "10,000,000": LONG}
SIZES = {10: (1, 64, 256), 100: (1, 64), 1_000: (1, 64)}  # records a page: connections
CALLS = {10: 2_000, 100: 500, 1_000: 100}
PGBENCH_CLIENTS = {1: 1, 64: 32}
REFUSED = RightAnswer(length_min=100, length_max=400, text='"MissingParameter"', times=1)

FLOORS = {1: None, 64: 0.55, 256: 0.75}  # of pages of 10 / refusals
MOTO_FLOOR = 10
BOOKS_CEILING = 1.2

Loads = dict[tuple[str, int, int], list[Load]]  # by usages, records and connections
Rates = dict[tuple[int, int], list[float]]  # by records and connections


def run(lab: Lab, rounds: int) -> Result:
    """Alternates pages and yardsticks; the ratios of their rates."""
    require_wrk()
    pages: Loads = {}
    refusals: dict[int, list[Load]] = {}
    alone: Rates = {}
    moto: list[Load] = []
    pgbench = Pgbench(lab.fresh_folder())
    with ExitStack() as stack:
        servers = {usages: stack.enter_context(lab.serving(BOOKS[usages])) for usages in BOOKS}
        emulator = stack.enter_context(moto_server(lab.fresh_folder()))
        right = {
            (usages, size): lab.checked(Pages(BOOKS[usages], size), server, CALLS[size])
            for usages, server in servers.items()
            for size in SIZES
        }
        for _ in range(rounds):
            for connections in FLOORS:
                _refusals(servers["10,000,000"], connections, refusals)
                for size in (size for size in SIZES if connections in SIZES[size]):
                    for usages, server in servers.items():
                        load = put_load(
                            server,
                            Pages(BOOKS[usages], size).calls(server, CALLS[size]),
                            right[usages, size],
                            connections=connections,
                            limit_s=ROUND_S,
                        )
                        pages.setdefault((usages, size, connections), []).append(load)
                    if connections in PGBENCH_CLIENTS:
                        rate = _alone(pgbench, servers["10,000,000"], size, connections)
                        alone.setdefault((size, connections), []).append(rate)
            moto.append(put_load(emulator, [QUERY], ITEMS, connections=64, limit_s=ROUND_S))
    return result(
        "usage_page",
        list(_figures(pages, refusals, alone, moto)),
        list(_measurements(pages, refusals, alone, moto)),
    )


def _refusals(server: Server, connections: int, refusals: dict[int, list[Load]]) -> None:
    calls = Pages(LONG, 10).refused(server, CALLS[10])
    load = put_load(server, calls, REFUSED, connections=connections, limit_s=ROUND_S)
    refusals.setdefault(connections, []).append(load)


def _alone(pgbench: Pgbench, server: Server, size: int, connections: int) -> float:
    """Pages a second that PostgreSQL alone makes."""
    return pgbench.rate(
        embedded.dsn(server.data),
        clients=PGBENCH_CLIENTS[connections],
        seconds=ROUND_S,
        script=Pages(LONG, size).script(),
        options=SESSION_OPTIONS,
    )


def _figures(
    pages: Loads, refusals: dict[int, list[Load]], alone: Rates, moto: list[Load]
) -> Iterator[Figure]:
    for usages in BOOKS:
        for connections, floor in FLOORS.items():
            yield compared(
                f"pages of 10 / refusals, {_where(usages, connections)}",
                pages[usages, 10, connections],
                refusals[connections],
                floor,
            )
    yield compared(
        f"pages of 10 / moto_server's queries, {_where('10,000,000', 64)}",
        pages["10,000,000", 10, 64],
        moto,
        MOTO_FLOOR,
    )
    for size, every in SIZES.items():
        for connections in every:
            yield compared(
                f"time of pages of {size:,}, {_where('10,000,000', connections)} / 100,000",
                pages["100,000", size, connections],
                pages["10,000,000", size, connections],
                BOOKS_CEILING,
                is_floor=False,
            )
    for (size, connections), rates in alone.items():
        loads = pages["10,000,000", size, connections]
        yield Figure(
            f"pages of {size:,} / pgbench, {_where('10,000,000', connections)}",
            ratios([load.answers_per_s for load in loads], rates),
            target=None,
            is_floor=True,
            invalid=invalid(loads),
        )


def _measurements(
    pages: Loads, refusals: dict[int, list[Load]], alone: Rates, moto: list[Load]
) -> Iterator[Measurement]:
    for connections, loads in refusals.items():
        yield from measurements(f"refusals, {_so_many(connections)}", loads)
    for (usages, size, connections), loads in pages.items():
        yield from measurements(f"pages of {size:,}, {_where(usages, connections)}", loads)
    for (size, connections), rates in alone.items():
        clients = PGBENCH_CLIENTS[connections]
        name = f"pgbench, pages of {size:,}, 10,000,000 usages, {_so_many(clients, 'client')}"
        yield Measurement(name, "transactions/s", rates)
    yield from measurements("moto_server, queries of 10, 64 connections", moto)


def _where(usages: str, connections: int) -> str:
    return f"{usages} usages, {_so_many(connections)}"


def _so_many(count: int, kind: str = "connection") -> str:
    return f"{count} {kind}{'' if count == 1 else 's'}"
