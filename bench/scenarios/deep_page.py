"""The time of a page deep in a voucher's history, beside its first page and beside OFFSET.

One voucher with 1,000,000 usages, 10 a page, among 10,000,000; single requests on one connection:
pages 1, 100, 10,000 and 100,000 in turn, each answer compared with what was filled in. The other
yardstick is what one would write first: the rows of the same page by `order by … offset …`, through
the same driver and socket, without rendering or HTTP. Of each round the medians are compared.
"""

import asyncio
import statistics
import time
from collections.abc import Callable

from bench.books import LONG, RESELLER_KEY
from bench.calls import Client, response_of, signed_call
from bench.figures import Figure, Measurement, Result, ratios, result
from bench.lab import Lab
from bench.pages import PARTNERS
from bench.server import Server
from counterfoil.store import embedded
from counterfoil.store.database import Database

PAGES = (1, 100, 10_000, 100_000)
SIZE = 10
TURNS_A_ROUND = 60
OFFSET_TURNS = 5  # of the deepest pages each takes a good part of a second
CEILING = 1.2

BY_OFFSET = """
select u.usage_id, u.deal_name, u.bill_id, u.amount_micro, u.pay_mode, u.product_code,
    u.sub_product_code, u.paid_at, u.completed_at, u.resource_owner_uin
from usage as u
where u.owner_uin = $1 and u.voucher_no = $2
order by u.ordinal desc
offset $3
limit $4
"""

Times = dict[int, list[float]]  # by page, a median a round, ms


def run(lab: Lab, rounds: int) -> Result:
    """Alternates pages; the ratios of their median times."""
    pages: Times = {page: [] for page in PAGES}
    by_offset: Times = {page: [] for page in PAGES}
    with lab.serving(LONG) as server:
        client = Client(server.address)
        for n in range(-1, rounds):  # the first round warms up
            _note(pages, n, lambda: _ask(server, client))
            _note(by_offset, n, lambda: asyncio.run(_select(server)))
        client.close()
    figures = [
        Figure(f"page {page:,} / page 1", ratios(pages[page], pages[1]), CEILING, is_floor=False)
        for page in PAGES[1:]
    ]
    figures += [
        Figure(f"page {page:,} / by OFFSET", ratios(pages[page], by_offset[page]), None, False)
        for page in PAGES
    ]
    measurements = [Measurement(f"page {page:,}", "ms", times) for page, times in pages.items()]
    measurements += [
        Measurement(f"page {page:,} by OFFSET", "ms", times) for page, times in by_offset.items()
    ]
    return result("deep_page", figures, measurements)


def _note(times: Times, n: int, measured: Callable[[], Times]) -> None:
    for page, samples in measured().items():
        if n >= 0:
            times[page].append(statistics.median(samples))


def _ask(server: Server, client: Client) -> Times:
    shelf = LONG.deep
    calls = {
        page: signed_call(
            PARTNERS,
            {
                "Page": page,
                "PageSize": SIZE,
                "CustomerUin": shelf.owner_uin(0),
                "VoucherId": shelf.voucher_no(0),
            },
            RESELLER_KEY,
            server.address,
        )
        for page in PAGES
    }
    times: Times = {page: [] for page in PAGES}
    for _ in range(TURNS_A_ROUND):
        for page in PAGES:
            began_s = time.perf_counter()
            body = client.send(calls[page])
            times[page].append(1_000 * (time.perf_counter() - began_s))
            ids = [row["Id"] for row in response_of(body)["Data"]]
            assert ids == shelf.usage_ids(0, page, SIZE)
    return times


async def _select(server: Server) -> Times:
    shelf = LONG.deep
    times: Times = {page: [] for page in PAGES}
    database = await Database.open(embedded.dsn(server.data), connections=1)
    try:
        for _ in range(OFFSET_TURNS):
            for page in PAGES:
                key = shelf.owner_uin(0), shelf.voucher_no(0)
                began_s = time.perf_counter()
                rows = await database.fetch(BY_OFFSET, *key, (page - 1) * SIZE, SIZE)
                times[page].append(1_000 * (time.perf_counter() - began_s))
                assert [row[0] for row in rows] == shelf.usage_ids(0, page, SIZE)
    finally:
        await database.close()
    return times
