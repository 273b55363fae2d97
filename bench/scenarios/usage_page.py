"""Pages of voucher usage a second, beside the same call refused before it asks the database.

`DescribeCustomerVoucherUsageDetails`, signed (TC3-HMAC-SHA256), 10 records a page: random pages of
20,000 vouchers in a table of 1,000,000 usages, one server process, rate limits off. The yardstick
is the same server, action and signature with `VoucherId` missing: everything but the database, save
that a refusal leaves a row in the audit, written in bulk beside the requests. Each round takes
yardstick and pages in turn, at 64 and at 256 connections. Before the first round every page is read
once and compared with what was loaded; under load every answer's length is checked, and one of 16
is searched for its ten records. One answer that is wrong or missing fails the run.
"""

from random import Random
from typing import Any

from bench.books import KEY, MANY_VOUCHERS
from bench.calls import Client, SignedCall, response_of, signed_call
from bench.figures import Figure, Measurement, Result, ratios, result
from bench.lab import Lab
from bench.load import Load, RightAnswer, put_load, require_wrk
from bench.server import Server

ACTION = "DescribeCustomerVoucherUsageDetails"
PAGE_SIZE = 10
CALLS = 4_000
ROUND_S = 5
WARM_UP_S = 3
# Connections, and the least ratio to the yardstick where there is a target.
FLOORS = {64: 0.4, 256: None}

_REFUSED = RightAnswer(length_min=100, length_max=400, text='"MissingParameter"', times=1)


def run(lab: Lab, rounds: int) -> Result:
    """Alternates pages and refusals; the ratio of their rates."""
    require_wrk()
    loads: dict[tuple[str, int], list[Load]] = {}
    with lab.serving(MANY_VOUCHERS) as server:
        full_page = _check_every_page(server)
        put_load(server, page_calls(server), full_page, connections=64, limit_s=WARM_UP_S)
        for _ in range(rounds):
            for connections in FLOORS:
                refusals = put_load(
                    server, _refused_calls(server), _REFUSED,
                    connections=connections, limit_s=ROUND_S,
                )  # fmt: skip
                pages = put_load(
                    server, page_calls(server), full_page,
                    connections=connections, limit_s=ROUND_S,
                )  # fmt: skip
                loads.setdefault(("refusals", connections), []).append(refusals)
                loads.setdefault(("pages", connections), []).append(pages)
    return result(
        "usage_page",
        [_figure(loads, connections) for connections in FLOORS],
        [
            measurement
            for connections in FLOORS
            for kind in ("refusals", "pages")
            for measurement in _measurements(
                f"{kind}, {connections} connections", loads[kind, connections]
            )
        ],
    )


def page_calls(server: Server) -> list[SignedCall]:
    """Calls for random pages, signed now."""
    return [
        signed_call(ACTION, _page_parameters(voucher, page), KEY, server.address)
        for voucher, page in _random_pages()
    ]


def _random_pages() -> list[tuple[int, int]]:
    random = Random(1)
    pages_each = MANY_VOUCHERS.usages_each // PAGE_SIZE
    return [
        (random.randrange(MANY_VOUCHERS.vouchers), random.randint(1, pages_each))
        for _ in range(CALLS)
    ]


def _page_parameters(voucher: int, page: int) -> dict[str, Any]:
    return {
        "Page": page,
        "PageSize": PAGE_SIZE,
        "CustomerUin": MANY_VOUCHERS.owner_uin(voucher),
        "VoucherId": MANY_VOUCHERS.voucher_no(voucher),
    }


def _refused_calls(server: Server) -> list[SignedCall]:
    calls = []
    for voucher, page in _random_pages():
        parameters = _page_parameters(voucher, page)
        del parameters["VoucherId"]
        calls.append(signed_call(ACTION, parameters, KEY, server.address))
    return calls


def _check_every_page(server: Server) -> RightAnswer:
    """Reads every page that load will ask for; how long such an answer is."""
    lengths = []
    client = Client(server.address)
    for (voucher, page), call in zip(_random_pages(), page_calls(server), strict=True):
        body = client.send(call)
        response = response_of(body)
        assert [row["Id"] for row in response["Data"]] == list(
            MANY_VOUCHERS.usage_ids(voucher, page, PAGE_SIZE)
        )
        assert response["TotalRecordsCount"] == MANY_VOUCHERS.usages_each
        lengths.append(len(body))
    client.close()
    return RightAnswer(min(lengths), max(lengths), text='"Id":', times=PAGE_SIZE)


def _figure(loads: dict[tuple[str, int], list[Load]], connections: int) -> Figure:
    pages, refusals = loads["pages", connections], loads["refusals", connections]
    invalid = ""
    if any(load.is_generator_busiest for load in pages + refusals):
        invalid = "does not count: the load generator was the busy process"
    return Figure(
        name=f"pages / refusals, {connections} connections",
        samples=ratios(
            [load.answers_per_s for load in pages], [load.answers_per_s for load in refusals]
        ),
        target=FLOORS[connections],
        is_floor=True,
        invalid=invalid,
    )


def _measurements(name: str, loads: list[Load]) -> list[Measurement]:
    return [
        Measurement(name, "answers/s", [load.answers_per_s for load in loads]),
        Measurement(f"{name}: p50", "ms", [load.p50_ms for load in loads]),
        Measurement(f"{name}: p99", "ms", [load.p99_ms for load in loads]),
        *(
            Measurement(f"{name}: {busy}", "cores", [load.cores[busy] for load in loads])
            for busy in loads[0].cores
        ),
    ]
