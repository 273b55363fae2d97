"""Lists of vouchers with 1,000,000 on the books: filters beside first pages, totals beside SQL.

One reseller has issued 1,000,000 vouchers, 50,000 of them to one customer and the others to 10,000.
Single signed requests on one connection: of each list action the first page without filters and one
with a filter that no index serves, in turn; those without filters are only timed. Then totals of
three lists, as the service asks for them (with the page that comes along), beside the COUNT and SUM
that one would write by hand, in turn over the same connections of the same driver; both must count
the same. Of each round the medians are compared.
"""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bench.calls import Client, Key, response_of, signed_call
from bench.figures import Figure, Measurement, Result, ratios, result
from bench.lab import Lab
from bench.listed import CUSTOMER_KEY, LARGE_CUSTOMER, RESELLER, RESELLER_KEY, VOUCHERS, fill
from bench.server import Server, serving
from counterfoil.clock import Clock
from counterfoil.store import embedded
from counterfoil.store.customers import customer_amounts
from counterfoil.store.database import Database
from counterfoil.store.voucher_lists import (
    CustomerFilter,
    VoucherFilter,
    VoucherSort,
    Window,
    customer_vouchers,
    voucher_info,
)

CEILING = 1.2
TURNS_A_ROUND = 3
UINS = [LARGE_CUSTOMER + n for n in range(20)]
FIRST_PAGE = Window(0, 100)


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

_USED = "and v.void_kind is null and v.available_micro + v.held_micro + v.expired_micro = 0"
_OF_OWNER = f"""
    select count(*), sum(v.face_micro - v.spent_micro)
    from voucher as v
    where v.owner_uin = {LARGE_CUSTOMER}
"""  # noqa: S608  # from constants
_OF_ISSUER = f"""
    select count(*)
    from voucher as v
    join account as a on a.uin = v.owner_uin
    where v.issuer_uin in (
            select i.uin from account as i where i.uin = {RESELLER} or i.parent_uin = {RESELLER}
        )
        and (
            a.parent_uin = {RESELLER}
            or a.parent_uin in (select p.uin from account as p where p.parent_uin = {RESELLER})
        )
"""  # noqa: S608  # from constants
_AMOUNTS = f"""
    select
        sum(v.face_micro)::bigint,
        sum(v.available_micro) filter (where v.begin_at <= now() and v.end_at > now())::bigint
    from voucher as v
    where v.owner_uin in ({", ".join(map(str, UINS))})
        and v.issuer_uin = {RESELLER}
        and v.void_kind is null
    group by v.owner_uin
    order by v.owner_uin
"""  # noqa: S608  # from constants

Ask = Callable[[Database, datetime], Awaitable[object]]


async def _info(database: Database, now: datetime, states: list[str] | None) -> object:
    page = await voucher_info(
        database, LARGE_CUSTOMER, VoucherFilter(states=states), VoucherSort(), FIRST_PAGE,
        now=now, is_chinese=False,
    )  # fmt: skip
    return [(page.voucher_count, page.left_micro)]


async def _seen(database: Database, now: datetime, states: list[str] | None) -> object:
    wanted = CustomerFilter(states=states)
    page = await customer_vouchers(database, RESELLER, wanted, FIRST_PAGE, now)
    return [(page.voucher_count,)]


async def _amounts(database: Database, now: datetime) -> object:
    found = await customer_amounts(database, RESELLER, UINS, now)
    return [(found[uin].face_micro, found[uin].spendable_micro) for uin in UINS]


# What a list tells in total, and the statement that tells the same.
TOTALS: dict[str, tuple[Ask, str]] = {
    "DescribeVoucherInfo": (lambda db, now: _info(db, now, None), _OF_OWNER),
    "DescribeVoucherInfo, used": (lambda db, now: _info(db, now, ["used"]), _OF_OWNER + _USED),
    "DescribeCustomerVoucherList": (lambda db, now: _seen(db, now, None), _OF_ISSUER),
    "DescribeCustomerVoucherList, used": (
        lambda db, now: _seen(db, now, ["used"]),
        _OF_ISSUER + _USED,
    ),
    "QueryVoucherAmountByUin": (_amounts, _AMOUNTS),
}

Times = dict[tuple[str, str], list[float]]  # by name and kind, a median a round, ms


def run(lab: Lab, rounds: int) -> Result:
    """Alternates first and filtered pages, then totals and the same by hand."""
    pages: Times = {}
    with serving(lab.fresh_folder(), "--no-rate-limit") as server:
        print(f"loading {VOUCHERS:,} vouchers", flush=True)
        fill(server)
        client = Client(server.address)
        for n in range(-1, rounds):  # the first round warms up
            for call in CALLS:
                _time_pages(server, client, call, pages if n >= 0 else {})
        client.close()
        totals = asyncio.run(_time_totals(server, rounds))
    figures = [
        *_figures(pages, "filtered", "first page", None),
        *_figures(totals, "totals", "by hand", CEILING),
    ]
    measurements = [
        Measurement(f"{name}: {kind}", "ms", samples)
        for times in (pages, totals)
        for (name, kind), samples in times.items()
    ]
    return result("lists", figures, measurements)


def _time_pages(server: Server, client: Client, call: ListCall, times: Times) -> None:
    asked = {"first page": call.first}
    if call.filtered:
        asked["filtered"] = {**call.first, **call.filtered}
    taken: dict[str, list[float]] = {kind: [] for kind in asked}
    for _ in range(TURNS_A_ROUND):
        for kind, parameters in asked.items():
            signed = signed_call(call.action, parameters, call.key, server.address)
            began_s = time.perf_counter()
            body = client.send(signed)
            taken[kind].append(1_000 * (time.perf_counter() - began_s))
            response_of(body)
    _note(times, call.action, taken)


async def _time_totals(server: Server, rounds: int) -> Times:
    times: Times = {}
    database = await Database.open(embedded.dsn(server.data), connections=1)
    try:
        for n in range(-1, rounds):  # the first round warms up
            for name, (ask, by_hand) in TOTALS.items():
                taken: dict[str, list[float]] = {"totals": [], "by hand": []}
                for _ in range(TURNS_A_ROUND):
                    own, own_ms = await _timed(ask(database, Clock().ledger()))
                    other, other_ms = await _timed(_by_hand(database, by_hand))
                    assert own == other, (name, own, other)
                    taken["totals"].append(own_ms)
                    taken["by hand"].append(other_ms)
                _note(times if n >= 0 else {}, name, taken)
    finally:
        await database.close()
    return times


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
