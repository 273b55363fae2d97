"""Pages of a long list: customer C's voucher with its 1,234 usages of 1 USD each.

Usage number n was paid n times 29,700 seconds after the new year of 2024, so what is on a page
follows from its place: the newest comes first.
"""

from collections import Counter
from typing import Any

import pytest
from tests.contract import sample
from tests.contract.asking import PYTHON, SDK_WAYS, Question, Way
from tests.contract.clients import Clients
from tests.contract.sample import VOUCHER_C_RECORDS as RECORDS
from tests.contract.sample import paid_at

NUMBER, CODE = sample.VOUCHER_C
MONTHS = Counter(paid_at(n)[:7] for n in range(1, RECORDS + 1))
FAR_PAGES = [10**9, 2**31, 2**53 + 1, 2**62, 2**63 - 1]
FIELDS = Way("python", "HmacSHA256", "GET")


def by_partner(page: int, size: int, **more: Any) -> Question:
    params = {"Page": page, "PageSize": size, "CustomerUin": sample.CUSTOMER_C_UIN}
    return Question(
        "intlpartnersmgt",
        "DescribeCustomerVoucherUsageDetails",
        params | {"VoucherId": NUMBER} | more,
        sample.SUB_RESELLER,
    )


def by_owner(page: int, size: int) -> Question:
    return Question(
        "billing",
        "DescribeVoucherUsageDetails",
        {"Limit": size, "Offset": page, "VoucherId": CODE},
        sample.CUSTOMER_C,
    )


def expected_times(page: int, size: int) -> list[str]:
    newest = RECORDS - (page - 1) * size
    return [paid_at(n) for n in range(newest, max(newest - size, 0), -1)]


PARTNER_EDGES = [
    *((1, 1), (RECORDS, 1), (RECORDS + 1, 1)),
    *((1, 10), (124, 10), (125, 10)),
    *((1, 100), (12, 100), (13, 100), (14, 100)),
]
OWNER_EDGES = [*PARTNER_EDGES, (1, 1_000), (2, 1_000), (3, 1_000), (1, 999), (2, 617), (3, 617)]


@pytest.mark.parametrize(("page", "size"), PARTNER_EDGES)
@pytest.mark.parametrize("way", [PYTHON, FIELDS], ids=str)
def test_a_partner_gets_exactly_the_records_of_the_page(
    clients: Clients, way: Way, page: int, size: int
) -> None:
    answer = clients.ask(way, by_partner(page, size))
    assert [record["PayTime"] for record in answer["Data"]] == expected_times(page, size)
    assert _partner_totals(answer) == (2000, 766, RECORDS, RECORDS)


@pytest.mark.parametrize(("page", "size"), OWNER_EDGES)
@pytest.mark.parametrize("way", [PYTHON, FIELDS], ids=str)
def test_an_owner_gets_exactly_the_records_of_the_page(
    clients: Clients, way: Way, page: int, size: int
) -> None:
    answer = clients.ask(way, by_owner(page, size))
    times = [record["UsedTime"] for record in answer["UsageRecords"]]
    assert times == expected_times(page, size)
    assert (answer["TotalCount"], answer["TotalUsedAmount"]) == (RECORDS, RECORDS * 10**8)


@pytest.mark.parametrize("page", FAR_PAGES)
@pytest.mark.parametrize("size", [1, 100])
@pytest.mark.parametrize("way", [PYTHON, FIELDS], ids=str)
def test_a_page_far_past_the_end_is_empty_with_full_totals(
    clients: Clients, way: Way, size: int, page: int
) -> None:
    answer = clients.ask(way, by_partner(page, size))
    assert answer["Data"] == []
    assert _partner_totals(answer) == (2000, 766, RECORDS, RECORDS)
    answer = clients.ask(way, by_owner(page, size * 10))
    assert answer["UsageRecords"] == []
    assert (answer["TotalCount"], answer["TotalUsedAmount"]) == (RECORDS, RECORDS * 10**8)


@pytest.mark.parametrize("way", SDK_WAYS, ids=str)
def test_every_client_reads_a_long_page(clients: Clients, way: Way) -> None:
    answer = clients.ask(way, by_owner(1, 1_000))
    times = [record["UsedTime"] for record in answer["UsageRecords"]]
    assert times == expected_times(1, 1_000)


def test_offset_0_is_the_first_page(clients: Clients) -> None:
    first, zeroth = (clients.ask(PYTHON, by_owner(page, 20)) for page in (1, 0))
    assert zeroth["UsageRecords"] == first["UsageRecords"]
    assert len(first["UsageRecords"]) == 20


@pytest.mark.parametrize("size", [37, 100])
def test_a_partners_pages_hold_every_record_once_and_add_up(clients: Clients, size: int) -> None:
    records, page = [], 1
    while True:
        answer = clients.ask(PYTHON, by_partner(page, size))
        if not answer["Data"]:
            break
        records += answer["Data"]
        page += 1
    assert len({record["Id"] for record in records}) == len(records) == RECORDS
    assert [record["PayTime"] for record in records] == expected_times(1, RECORDS)
    spent = sum(record["Amount"] for record in records)
    assert spent == answer["TotalAmount"] - answer["RemainAmount"]


@pytest.mark.parametrize("size", [100, 1_000])
def test_an_owners_pages_hold_every_record_once_and_add_up(clients: Clients, size: int) -> None:
    records, page = [], 1
    while True:
        answer = clients.ask(PYTHON, by_owner(page, size))
        if not answer["UsageRecords"]:
            break
        records += answer["UsageRecords"]
        page += 1
    assert len({record["SeqId"] for record in records}) == len(records) == RECORDS
    assert [record["UsedTime"] for record in records] == expected_times(1, RECORDS)
    assert sum(record["UsedAmount"] for record in records) == answer["TotalUsedAmount"]


@pytest.mark.parametrize("month", [*MONTHS, "2023-12", "2025-03", "0001-01", "9999-12"])
def test_a_month_holds_the_records_paid_in_it(clients: Clients, month: str) -> None:
    answer = clients.ask(PYTHON, by_partner(1, 100, Month=month))
    assert [record["PayTime"] for record in answer["Data"]] == [
        time for time in expected_times(1, RECORDS) if time.startswith(month)
    ]
    assert answer["Month"] == month
    assert _partner_totals(answer) == (2000, 766, RECORDS, MONTHS[month])


@pytest.mark.parametrize(("page", "size"), [(1, 1), (88, 1), (2, 50), (3, 40), (4, 40), (2**62, 7)])
def test_pages_of_a_month_are_its_own(clients: Clients, page: int, size: int) -> None:
    of_march = [time for time in expected_times(1, RECORDS) if time.startswith("2024-03")]
    answer = clients.ask(PYTHON, by_partner(page, size, Month="2024-03"))
    times = [record["PayTime"] for record in answer["Data"]]
    assert times == of_march[(page - 1) * size : page * size]


def _partner_totals(answer: dict[str, Any]) -> tuple[Any, ...]:
    return (
        answer["TotalAmount"],
        answer["RemainAmount"],
        answer["TotalRecordsCount"],
        answer["RecordsCountByMonth"],
    )
