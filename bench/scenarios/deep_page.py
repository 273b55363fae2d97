"""The time of a page deep in a voucher's history, beside the time of its first page.

One voucher with 1,000,000 usages; single requests on one connection, first and deep page in turn,
each answer compared with what was loaded. Of each round the medians are compared.
"""

import statistics
import time

from bench.books import KEY, ONE_VOUCHER
from bench.calls import Client, response_of, signed_call
from bench.figures import Figure, Measurement, Result, ratios, result
from bench.lab import Lab
from bench.server import Server

ACTION = "DescribeCustomerVoucherUsageDetails"
DEEP_PAGE = 10_000
SIZES = (10, 100)
PAIRS_A_ROUND = 200
CEILING = 1.2


def run(lab: Lab, rounds: int) -> Result:
    """Alternates first and deep pages; the ratio of their median times."""
    figures, measurements = [], []
    with lab.serving(ONE_VOUCHER) as server:
        client = Client(server.address)
        for size in SIZES:
            medians = [_medians_ms(server, client, size) for _ in range(rounds + 1)][1:]
            first, deep = zip(*medians, strict=True)
            figures.append(
                Figure(
                    name=f"page {DEEP_PAGE:,} / page 1, {size} a page",
                    samples=ratios(deep, first),
                    target=CEILING,
                    is_floor=False,
                )
            )
            measurements += [
                Measurement(f"page 1, {size} a page", "ms", first),
                Measurement(f"page {DEEP_PAGE:,}, {size} a page", "ms", deep),
            ]
        client.close()
    return result("deep_page", figures, measurements)


def _medians_ms(server: Server, client: Client, size: int) -> tuple[float, float]:
    """The median time of the first page and of the deep one."""
    pages = (1, DEEP_PAGE)
    calls = {
        page: signed_call(
            ACTION,
            {
                "Page": page,
                "PageSize": size,
                "CustomerUin": ONE_VOUCHER.owner_uin(0),
                "VoucherId": ONE_VOUCHER.voucher_no(0),
            },
            KEY,
            server.address,
        )
        for page in pages
    }
    times: dict[int, list[float]] = {page: [] for page in pages}
    for _ in range(PAIRS_A_ROUND):
        for page in pages:
            began_s = time.perf_counter()
            body = client.send(calls[page])
            times[page].append(1_000 * (time.perf_counter() - began_s))
            ids = [row["Id"] for row in response_of(body)["Data"]]
            assert ids == list(ONE_VOUCHER.usage_ids(0, page, size))
    return statistics.median(times[1]), statistics.median(times[DEEP_PAGE])
