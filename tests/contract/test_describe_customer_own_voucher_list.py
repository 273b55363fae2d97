"""DescribeCustomerOwnVoucherList, as every official client sees it."""

from dataclasses import replace
from typing import Any

import pytest
from tests.contract import listed_book, refusals
from tests.contract.answers import as_json, content
from tests.contract.asking import CHINESE_WAYS, PYTHON, SDK_WAYS, WAYS, Question, Way
from tests.contract.clients import Clients
from tests.contract.listed_book import VARIED, VOUCHERS, key
from tests.contract.refusals import (
    Refusal,
    check_first_is_told,
    check_refused,
    not_a_choice,
)
from tests.contract.test_describe_customer_voucher_list import FILTERS
from tests.contract.test_describe_customer_voucher_usage_details import NO_ROLE, page

# The request and answer that the action's document prints, RequestId aside; its customer had more.
SEED = Question(
    "intlpartnersmgt",
    "DescribeCustomerOwnVoucherList",
    {"Page": 1, "PageSize": 1},
    key(listed_book.OWN_LISTED),
)
SEED_ANSWER: dict[str, Any] = {
    "Data": [
        {
            "CustomerUin": listed_book.OWN_LISTED,
            "EffectiveTime": "2025-07-29 10:59:39",
            "ExpireTime": "2025-08-28 23:59:59",
            "PaymentMode": "Prepaid",
            "ProductScope": "SpecifyProductsBlacklist",
            "RemainingAmount": 2,
            "TotalAmount": 2,
            "VoucherId": 12348270,
            "VoucherStatus": "Invalidated",
        }
    ],
    "TotalCount": 1,
}
MANY = replace(SEED, params={"Page": 1, "PageSize": 100}, key=key(listed_book.MANY))
NO_ROLE_HERE = replace(NO_ROLE, key=key(listed_book.RESELLER))

# One of each error that the action can answer while its database is up.
REFUSALS = [
    refusals.wrong_key(SEED.key),
    refusals.UNKNOWN_KEY,
    NO_ROLE_HERE,
    refusals.missing("Page"),
    refusals.wrong_type("PageSize", "one", "integer"),
    page("PageSize", 0),
    not_a_choice("ProductScope", "Some"),
]
MORE_REFUSALS: list[Refusal] = [
    *(
        replace(NO_ROLE, case=str(uin), key=key(uin))
        for uin in (listed_book.PLATFORM, listed_book.DISTRIBUTOR, listed_book.SUB_RESELLER)
    ),
    refusals.missing("PageSize"),
    *(refusals.unknown(name) for name in ("CustomerUin", "Usage", "Month")),
    refusals.wrong_type("VoucherId", "x", "integer"),
    *(page("Page", value) for value in (-1, 0)),
    *(page("PageSize", value) for value in (-1, 101)),
    *(not_a_choice("VoucherStatus", value) for value in ("Unused", "cancel")),
    not_a_choice("PaymentMode", "riPay"),
]


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_every_client_gets_the_answer_that_the_document_prints(listed: Clients, way: Way) -> None:
    assert as_json(content(listed.ask(way, SEED))) == as_json(SEED_ANSWER)


@pytest.mark.parametrize("refusal", REFUSALS, ids=str)
@pytest.mark.parametrize("way", WAYS, ids=str)
def test_every_client_reads_every_error(listed: Clients, way: Way, refusal: Refusal) -> None:
    check_refused(listed, way, SEED, refusal)


@pytest.mark.parametrize("refusal", [*REFUSALS, refusals.unknown("Colour")], ids=str)
@pytest.mark.parametrize("way", CHINESE_WAYS, ids=str)
def test_errors_are_in_chinese_when_asked_for(listed: Clients, way: Way, refusal: Refusal) -> None:
    check_refused(listed, way, replace(SEED, language="zh-CN"), refusal)


@pytest.mark.parametrize("refusal", MORE_REFUSALS, ids=str)
@pytest.mark.parametrize("way", [PYTHON, Way("python", "HmacSHA256", "GET")], ids=str)
def test_every_wrong_value_is_named(listed: Clients, way: Way, refusal: Refusal) -> None:
    check_refused(listed, way, SEED, refusal)


@pytest.mark.parametrize("way", [PYTHON, Way("python", "HmacSHA1", "POST")], ids=str)
def test_of_several_faults_the_first_in_the_documented_order_is_told(
    listed: Clients, way: Way
) -> None:
    faults = [
        refusals.wrong_key(SEED.key),
        NO_ROLE_HERE,
        refusals.missing("PageSize"),
        refusals.unknown("Colour"),
        refusals.wrong_type("VoucherId", "x", "integer"),
        page("Page", 0),
        page("PageSize", 101),
        not_a_choice("VoucherStatus", "x"),
        not_a_choice("PaymentMode", "x"),
        not_a_choice("ProductScope", "x"),
    ]
    check_first_is_told(listed, way, SEED, faults)


def expected_numbers(names: list[str]) -> list[int]:
    """The numbers of vouchers called so, the newest first."""
    vouchers = sorted(
        (VARIED[name] for name in names),
        key=lambda voucher: (voucher.issued_at, voucher.voucher_no),
        reverse=True,
    )
    return [voucher.voucher_no for voucher in vouchers]


# The owner sees what the platform has issued, too: open to all, and not ended.
OF_THE_PLATFORM = ("VoucherStatus", "Issued"), ("PaymentMode", "ALLPAYMENT"), ("VoucherStatus", "")


@pytest.mark.parametrize(
    ("params", "partners"), [case for case in FILTERS if "Usage" not in case[0]], ids=str
)
@pytest.mark.parametrize("way", SDK_WAYS, ids=str)
def test_filters(listed: Clients, way: Way, params: dict[str, Any], partners: list[str]) -> None:
    asks_for_more = set(params.items()) & set(OF_THE_PLATFORM)
    by_number = params.get("VoucherId") == VARIED["of the platform"].voucher_no
    more = ["of the platform"] if asks_for_more or by_number else []
    answer = listed.ask(way, replace(MANY, params=MANY.params | params))
    numbers = expected_numbers([*partners, *more])
    assert [row["VoucherId"] for row in answer["Data"]] == numbers
    assert answer["TotalCount"] == len(numbers)


@pytest.mark.parametrize(
    "uin", [uin for uin in listed_book.PARENTS if uin not in listed_book.PARTNER_UINS]
)
def test_owners_see_their_own_whoever_issued_them(listed: Clients, uin: int) -> None:
    answer = listed.ask(PYTHON, replace(MANY, key=key(uin)))
    own = {voucher.voucher_no for voucher in VOUCHERS if voucher.owner_uin == uin}
    assert {row["VoucherId"] for row in answer["Data"]} == own
    assert {row["CustomerUin"] for row in answer["Data"]} == ({uin} if own else set())
    assert answer["TotalCount"] == len(own)


@pytest.mark.parametrize("size", [1, 5, 100])
def test_pages_hold_every_voucher_once_with_the_count_of_all(listed: Clients, size: int) -> None:
    expected = expected_numbers(list(VARIED))
    found, number = [], 0
    while True:
        number += 1
        answer = listed.ask(PYTHON, replace(MANY, params={"Page": number, "PageSize": size}))
        assert answer["TotalCount"] == len(expected)
        if not answer["Data"]:
            break
        found += [row["VoucherId"] for row in answer["Data"]]
    assert found == expected
