"""Lists of vouchers with 1,000,000 on the books: filters beside first pages, totals beside SQL.

One reseller has issued 1,000,000 vouchers, 50,000 of them to one customer and the others to 10,000.
Single signed requests on one connection: of each list action the first page without filters and one
with a filter that no index serves, in turn; those without filters are only timed. Then the totals
of each list, unfiltered and under its worst filters, as the service asks for them, beside the COUNT
and SUM that somebody who knows the schema would write by hand, in turn over the same connection of
the same driver; both must count the same. The page that comes with totals is a question of its own,
and stands in the answers' times. QueryVoucherListByUin has no pages: it tells every voucher, and is
shown beside the COUNT of them without a target. Of each round the medians are compared.

Last, the blocks that each list touches for totals and first page, by PostgreSQL's own count: one
filter by its index, any other in one scan of an owner's range or of what the reseller has issued.
"""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any

from bench.calls import Client, Key, response_of, signed_call
from bench.figures import Figure, Measurement, Result, ratios, result
from bench.lab import Lab
from bench.list_questions import NARROW, ROWS, TOTALS, UINS, Question
from bench.listed import CUSTOMER_KEY, LARGE_CUSTOMER, RESELLER_KEY, VOUCHERS, fill
from bench.server import Server, serving
from counterfoil.clock import Clock
from counterfoil.store import embedded
from counterfoil.store.database import Database
from counterfoil.store.voucher_lists import Window

CEILING = 1.2
TURNS_A_ROUND = 3
FIRST_PAGE, NO_PAGE = Window(0, 100), Window(0, 0)

# Blocks that this session has touched, as far as it has told the server's statistics.
_TELL = "select pg_stat_force_next_flush()"
_TOUCHED = """
    select sum(hits + reads)::bigint
    from pg_stat_get_backend_io(pg_backend_pid())
    where object = 'relation'
"""


@dataclass(frozen=True)
class ListCall:
    """How a list action is asked for its first page, and what a filter adds to that (none: it has
    none)."""

    action: str
    key: Key
    first: Mapping[str, object]
    filtered: Mapping[str, object]


CALLS = (
    ListCall(
        "DescribeVoucherInfo",
        CUSTOMER_KEY,
        {"Limit": 100, "Offset": 1},
        {"Status": "used", "PayMode": "prePay", "ProductCode": "p_cvm"},
    ),
    ListCall(
        "DescribeCustomerVoucherList",
        RESELLER_KEY,
        {"Page": 1, "PageSize": 100},
        {"VoucherStatus": "Used"},
    ),
    ListCall(
        "DescribeCustomerOwnVoucherList",
        CUSTOMER_KEY,
        {"Page": 1, "PageSize": 100},
        {"VoucherStatus": "Used"},
    ),
    ListCall("QueryVoucherListByUin", RESELLER_KEY, {"ClientUins": UINS}, {"Status": "Used"}),
    ListCall("QueryVoucherAmountByUin", RESELLER_KEY, {"ClientUins": UINS}, {}),
    ListCall("QueryVoucherPool", RESELLER_KEY, {}, {}),
    ListCall(
        "DescribeVouchers",
        RESELLER_KEY,
        {"CustomerUin": LARGE_CUSTOMER, "Limit": 100},
        {"State": "killed"},  # there is none: all of the customer's have to be looked at
    ),
)

Times = dict[tuple[str, str], list[float]]  # by name and kind, a median a round, ms


def run(lab: Lab, rounds: int) -> Result:
    """Alternates first and filtered pages, then totals and the same by hand."""
    pages: Times = {}
    with serving(lab.fresh_folder(), "--no-rate-limit") as server:
        print(f"loading {VOUCHERS:,} vouchers", flush=True)
        fill(server)
        client = Client(server.address)
        for call in CALLS:
            _time_pages(server, client, call, {}, turns=1)  # warms up
        for _ in range(rounds):
            for call in CALLS:
                _time_pages(server, client, call, pages)
        client.close()
        totals, blocks = asyncio.run(_ask_totals(server, rounds))
    figures = [
        *_figures(pages, "filtered", "first page", None),
        *_figures(totals, "totals", "by hand", CEILING),
        *_figures(totals, "rows", "count by hand", None),
        *blocks,
    ]
    measurements = [
        Measurement(f"{name}: {kind}", "ms", samples)
        for times in (pages, totals)
        for (name, kind), samples in times.items()
    ]
    return result("lists", figures, measurements)


def _time_pages(
    server: Server, client: Client, call: ListCall, times: Times, turns: int = TURNS_A_ROUND
) -> None:
    asked = {"first page": call.first}
    if call.filtered:
        asked["filtered"] = {**call.first, **call.filtered}
    taken: dict[str, list[float]] = {kind: [] for kind in asked}
    for _ in range(turns):
        for kind, parameters in asked.items():
            signed = signed_call(call.action, parameters, call.key, server.address)
            began_s = time.perf_counter()
            body = client.send(signed)
            taken[kind].append(1_000 * (time.perf_counter() - began_s))
            response_of(body)
    _note(times, call.action, taken)


async def _ask_totals(server: Server, rounds: int) -> tuple[Times, list[Figure]]:
    times: Times = {}
    database = await Database.open(embedded.dsn(server.data), connections=1)
    try:
        for n in range(-1, rounds):  # the first round warms up
            for kinds, questions in (
                (("totals", "by hand"), TOTALS),
                (("rows", "count by hand"), ROWS),
            ):
                for name, question in questions.items():
                    turns = TURNS_A_ROUND if n >= 0 else 1
                    taken = await _compared(database, question, name, turns)
                    _note(times if n >= 0 else {}, name, dict(zip(kinds, taken, strict=True)))
        blocks = [
            await _blocks(database, name, question)
            for name, question in (TOTALS | ROWS | NARROW).items()
        ]
    finally:
        await database.close()
    return times, blocks


async def _compared(
    database: Database, question: Question, name: str, turns: int
) -> tuple[list[float], list[float]]:
    """How long the service's statements and the one by hand take, ms."""
    taken: tuple[list[float], list[float]] = [], []
    for _ in range(turns):
        own, own_ms = await _timed(question.ask(database, Clock().ledger(), NO_PAGE))
        other, other_ms = await _timed(_by_hand(database, question.by_hand))
        assert own == other, (name, own, other)
        taken[0].append(own_ms)
        taken[1].append(other_ms)
    return taken


async def _blocks(database: Database, name: str, question: Question) -> Figure:
    """How many blocks totals and first page touch."""
    await question.ask(database, Clock().ledger(), FIRST_PAGE)  # reads the catalogue, too
    before = await _touched(database)
    await question.ask(database, Clock().ledger(), FIRST_PAGE)
    blocks = await _touched(database) - before
    return Figure(f"{name}: blocks", [blocks], question.blocks_max, is_floor=False, unit="blocks")


async def _touched(database: Database) -> int:
    await database.fetch(_TELL)
    ((blocks,),) = await database.fetch(_TOUCHED)
    return int(blocks)


async def _by_hand(database: Database, sql: str) -> object:
    async with database.survey() as connection:
        return [tuple(row) for row in await connection.fetch(sql)]


async def _timed(asking: Awaitable[Any]) -> tuple[Any, float]:
    began_s = time.perf_counter()
    answer = await asking
    return answer, 1_000 * (time.perf_counter() - began_s)


def _note(times: Times, name: str, taken: Mapping[str, list[float]]) -> None:
    for kind, samples in taken.items():
        times.setdefault((name, kind), []).append(statistics.median(samples))


def _figures(times: Times, own: str, yardstick: str, target: float | None) -> list[Figure]:
    return [
        Figure(
            name=f"{name}: {own} / {yardstick}",
            samples=ratios(samples, times[name, yardstick]),
            target=target,
            is_floor=False,
        )
        for (name, kind), samples in times.items()
        if kind == own
    ]
