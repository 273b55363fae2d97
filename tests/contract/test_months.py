"""Months, pages of a month, and what a usage shows that the sample has no example of."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from tests.contract.months_book import (
    ACCOUNTS,
    CORRECTED,
    CUSTOMER,
    EDGES,
    LARGE,
    LINES,
    PAGED_MONTHS,
    PAGES,
    PAID,
    PRODUCTS,
    RESELLER,
    UNUSED,
    VOUCHERS,
    correct,
)
from tests.contract.own_book import key_of, serving, write
from tests.contract.raw import BILLING, PARTNER, Answer, Draft, ask

pytestmark = pytest.mark.xdist_group("months")

MONTHS = ["2023-11", "2023-12", "2024-01", "2024-02", "2024-03", "2024-04", "2024-05", "0000-01"]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving(ACCOUNTS, PRODUCTS, VOUCHERS) as server:
        write(server, correct)
        yield server.address


def answer_to_partner(address: str, number: int, **members: object) -> Answer:
    asked = {"CustomerUin": CUSTOMER, "VoucherId": number, "PageSize": 100, **members}
    return ask(address, Draft(PARTNER, members=asked, key=key_of(RESELLER)))


def shown_to_partner(address: str, number: int, **members: object) -> dict[str, Any]:
    return answer_to_partner(address, number, **members).response


def shown_to_owner(address: str, number: int, **members: object) -> dict[str, Any]:
    asked = {"VoucherId": str(number), "Limit": 1000, **members}
    return ask(address, Draft(BILLING, members=asked, key=key_of(CUSTOMER))).response


def column(rows: Sequence[dict[str, Any]], name: str) -> list[Any]:
    return [row[name] for row in rows]


@pytest.mark.parametrize("month", MONTHS)
def test_a_month_begins_at_midnight_in_utc_8(address: str, month: str) -> None:
    shown = shown_to_partner(address, EDGES, Month=month)
    rows = [(2**n, text) for n, (_, own, text) in enumerate(PAID) if own == month]
    assert column(shown["Data"], "Amount") == [amount for amount, _ in reversed(rows)]
    assert column(shown["Data"], "PayTime") == [text for _, text in reversed(rows)]
    assert shown["Month"] == month
    assert shown["RecordsCountByMonth"] == len(rows)
    assert shown["TotalRecordsCount"] == 8
    assert (shown["TotalAmount"], shown["RemainAmount"]) == (1000, 745)


@pytest.mark.parametrize("month", [None, ""])
def test_no_month_means_all(address: str, month: str | None) -> None:
    shown = shown_to_partner(address, EDGES, Month=month)
    assert column(shown["Data"], "Amount") == [128, 64, 32, 16, 8, 4, 2, 1]
    assert column(shown["Data"], "PayTime") == [text for _, _, text in reversed(PAID)]
    assert shown["Month"] == ""
    assert shown["RecordsCountByMonth"] == shown["TotalRecordsCount"] == 8


def test_an_owner_sees_the_same_times(address: str) -> None:
    shown = shown_to_owner(address, EDGES)
    assert column(shown["UsageRecords"], "UsedTime") == [text for _, _, text in reversed(PAID)]
    assert shown["TotalUsedAmount"] == sum(column(shown["UsageRecords"], "UsedAmount"))
    assert shown["TotalUsedAmount"] == 255 * 10**8


@pytest.mark.parametrize("size", [1, 2, 7, 12, 13, 25, 36, 37, 38, 100])
@pytest.mark.parametrize("month", ["", "2024-05", "2024-06", "2024-07"])
def test_pages_of_a_month_join_without_gap_or_overlap(address: str, month: str, size: int) -> None:
    whole = shown_to_partner(address, PAGES, Month=month)["Data"]
    count = sum(month in ("", own) for own in PAGED_MONTHS)
    assert len(whole) == count
    assert column(whole, "Id") == sorted(column(whole, "Id"), reverse=True)
    joined = []
    for page in range(1, count // size + 3):
        shown = shown_to_partner(address, PAGES, Month=month, Page=page, PageSize=size)
        assert len(shown["Data"]) == max(0, min(size, count - (page - 1) * size))
        assert (shown["RecordsCountByMonth"], shown["TotalRecordsCount"]) == (count, 37)
        joined += shown["Data"]
    assert joined == whole
    far = shown_to_partner(address, PAGES, Month=month, Page=2**63 - 1, PageSize=size)
    assert (far["Data"], far["RecordsCountByMonth"]) == ([], count)


def test_pages_of_an_owner(address: str) -> None:
    whole = shown_to_owner(address, PAGES)["UsageRecords"]
    assert len(whole) == 37
    for size in (1, 7, 36, 37, 38):
        pages = [
            shown_to_owner(address, PAGES, Limit=size, Offset=page)["UsageRecords"]
            for page in range(1, 37 // size + 3)
        ]
        assert [row for page in pages for row in page] == whole
        assert pages[-1] == []
    assert shown_to_owner(address, PAGES, Offset=0)["UsageRecords"] == whole


def test_corrections_for_partners(address: str) -> None:
    shown = shown_to_partner(address, CORRECTED)
    rows = shown["Data"]
    assert column(rows, "Amount") == [0.01, -0.25, 0.5, 1.25]
    assert column(rows, "BillId") == ["adjust-1", "refund-1", "bill-1", ""]
    assert column(rows, "PayMode") == ["Postpaid", "Prepaid", "Postpaid", "Prepaid"]
    assert (shown["TotalAmount"], shown["RemainAmount"]) == (10, 8.49)
    assert shown["TotalRecordsCount"] == 4
    for month, amounts in (("2024-03", [0.5, 1.25]), ("2024-04", [-0.25]), ("2024-05", [0.01])):
        of_month = shown_to_partner(address, CORRECTED, Month=month)
        assert column(of_month["Data"], "Amount") == amounts
        assert of_month["RecordsCountByMonth"] == len(amounts)
        assert of_month["RemainAmount"] == 8.49


def test_corrections_for_owners(address: str) -> None:
    shown = shown_to_owner(address, CORRECTED)
    rows = shown["UsageRecords"]
    assert column(rows, "UsedAmount") == [1_000_000, -25_000_000, 50_000_000, 125_000_000]
    assert column(rows, "PayScene") == ["adjust", "adjust", "common", "common"]
    assert column(rows, "PayMode") == ["postpay", "prepay", "postpay", "prepay"]
    assert column(rows, "SeqId") == ["adjust-1", "refund-1", "bill-1", "deal-1"]
    assert (shown["TotalCount"], shown["TotalUsedAmount"]) == (4, 151_000_000)


def test_partners_see_the_line_with_the_largest_share(address: str) -> None:
    rows = shown_to_partner(address, LINES)["Data"]
    assert column(rows, "Amount") == [0.1, 0.6, 0.4, 0.4]
    assert column(rows, "ProductCode") == ["p_disk", "p_disk", "p_net", "p_net"]
    assert column(rows, "SubProductCode") == ["sp_fast", "sp_fast", "", "sp_none"]
    assert column(rows, "ProductCodeName") == ["Disk", "Disk", 'Net "2"\\', 'Net "2"\\']
    assert column(rows, "PayMode") == ["Prepaid", "Postpaid", "Postpaid", "Postpaid"]


def test_owners_see_every_line_in_order(address: str) -> None:
    rows = shown_to_owner(address, LINES)["UsageRecords"]
    details = column(rows, "UsageDetails")
    assert [column(lines, "ProductCode") for lines in details] == [
        ["p_disk"],
        ['p_"\n云\\', "p_disk", "p_disk"],
        ["p_net", "p_disk"],
        ["p_disk", "p_net"],
    ]
    assert column(rows, "PayMode") == ["ripay", "postpay", "postpay", "postpay"]
    assert details[3] == [
        {
            "ProductName": "Disk",
            "SubProductName": "Fast disk",
            "ProductCode": "p_disk",
            "SubProductCode": "sp_fast",
            "BillingItemCode": "v_item",
            "SubBillingItemCode": "sv_item",
            "ProductEnName": "DISK",
            "SubProductEnName": "FAST DISK",
            "CalcUnit": "1",
            "Action": "purchase",
        },
        {
            "ProductName": 'Net "2"\\',
            "SubProductName": "sp_none",
            "ProductCode": "p_net",
            "SubProductCode": "sp_none",
            "BillingItemCode": "v_item",
            "SubBillingItemCode": "sv_item",
            "ProductEnName": "NET",
            "SubProductEnName": "sp_none",
            "CalcUnit": "1",
            "Action": "purchase",
        },
    ]


def test_times_of_payment_and_completion(address: str) -> None:
    row = shown_to_partner(address, LINES)["Data"][0]
    assert (row["PayTime"], row["CompletionTime"]) == ("2024-03-04 08:00:00", "2024-03-04 08:00:05")
    assert (row["VoucherId"], row["OwnerUin"]) == (str(LINES), CUSTOMER)


def test_amounts_keep_eight_decimals_and_have_no_exponent(address: str) -> None:
    body = answer_to_partner(address, LARGE).body
    assert b'"RemainAmount":0.00000001,' in body
    assert b'"TotalAmount":1000000,' in body
    assert b'"Amount":0.00000001,' in body
    assert b'"Amount":999999.99999998,' in body
    amounts = [float(row["Amount"]) for row in json.loads(body)["Response"]["Data"]]
    assert amounts == [999999.99999998, 1e-08]
    assert shown_to_owner(address, LARGE)["TotalUsedAmount"] == 99_999_999_999_999


def test_a_voucher_that_paid_for_nothing(address: str) -> None:
    for month in ("", "2024-03"):
        shown = shown_to_partner(address, UNUSED, Month=month)
        assert shown.pop("RequestId")
        assert shown == {
            "Data": [],
            "CustomerUin": CUSTOMER,
            "VoucherId": UNUSED,
            "TotalAmount": 0.5,
            "RemainAmount": 0.5,
            "TotalRecordsCount": 0,
            "Month": month,
            "RecordsCountByMonth": 0,
        }
    assert shown_to_owner(address, UNUSED)["UsageRecords"] == []
