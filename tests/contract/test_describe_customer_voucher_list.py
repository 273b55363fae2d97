"""DescribeCustomerVoucherList, as every official client sees it."""

from dataclasses import replace
from typing import Any

import pytest
from tests.contract import listed_book, refusals
from tests.contract.answers import as_json, content
from tests.contract.asking import CHINESE_WAYS, PYTHON, SDK_WAYS, WAYS, Question, Way
from tests.contract.clients import Clients
from tests.contract.listed_book import PARENTS, PARTNER_UINS, VARIED, VOUCHERS, Listed, key
from tests.contract.python_clients import python_client
from tests.contract.refusals import (
    Refusal,
    check_first_is_told,
    check_refused,
    not_a_choice,
)
from tests.contract.test_describe_customer_voucher_usage_details import NO_ROLE, not_found, page
from tests.contract.visibility import is_below, is_seen

# The request and answer that the action's document prints, RequestId aside.
SEED = Question(
    "intlpartnersmgt",
    "DescribeCustomerVoucherList",
    {"Page": 1, "PageSize": 10, "VoucherId": 12342356},
    key(listed_book.RESELLER),
)
SEED_ANSWER: dict[str, Any] = {
    "Data": [
        {
            "ApplyReason": "For API testing usage, do not review, sub-coupon",
            "CustomerUin": 800000183985,
            "EffectiveTime": "2025-07-21 06:10:24",
            "ExpireTime": "2025-10-19 23:59:59",
            "PaymentMode": "AllPayment",
            "ProductScope": "AllProducts",
            "RemainingAmount": 0.797104,
            "TotalAmount": 1,
            "Usage": "CustomerOffer",
            "VoucherId": 12342356,
            "VoucherStatus": "Canceled",
        }
    ],
    "TotalCount": 1,
}
MANY = replace(SEED, params={"Page": 1, "PageSize": 100, "CustomerUin": listed_book.MANY})
PARTNERS = (
    listed_book.DISTRIBUTOR,
    listed_book.SUB_RESELLER,
    listed_book.RESELLER,
    listed_book.NEW_RESELLER,
)
NO_ROLE_HERE = replace(NO_ROLE, key=key(listed_book.MANY))

# One of each error that the action can answer while its database is up.
REFUSALS = [
    refusals.wrong_key(SEED.key),
    refusals.UNKNOWN_KEY,
    NO_ROLE_HERE,
    refusals.missing("PageSize"),
    refusals.wrong_type("Page", "one", "integer"),
    page("Page", 0),
    not_a_choice("VoucherStatus", "Unused"),
    not_found("another partner's customer", CustomerUin=listed_book.OF_SUB),
]
MORE_REFUSALS: list[Refusal] = [
    *(replace(NO_ROLE, case=str(uin), key=key(uin)) for uin in (listed_book.PLATFORM,)),
    refusals.missing("Page"),
    *(refusals.unknown(name) for name in ("Colour", "Status", "Month")),
    *(
        refusals.wrong_type(n, v, "integer")
        for n, v in (("VoucherId", "x"), ("CustomerUin", 2**63))
    ),
    *(page("Page", value) for value in (-1, -(2**63))),
    *(page("PageSize", value) for value in (-1, 0, 101, 2**62)),
    *(not_a_choice("VoucherStatus", value) for value in ("issued", "Cancelled", "usable", "*")),
    *(not_a_choice("PaymentMode", value) for value in ("prePay", "all")),
    *(not_a_choice("Usage", value) for value in ("customer_offer", "\0")),
    not_a_choice("ProductScope", "allproducts"),
    *(not_found(str(uin), CustomerUin=uin) for uin in (1, 0, -1, 2**63 - 1, listed_book.RESELLER)),
]
JSON_REFUSALS: list[Refusal] = [
    *(refusals.wrong_type("Page", value, "integer") for value in ("1", 1.0, True)),
    *(refusals.wrong_type("Usage", value, "string") for value in (1, ["x"])),
]


def numbers(clients: Clients, way: Way, question: Question) -> list[int]:
    """Which vouchers a page lists."""
    return [row["VoucherId"] for row in clients.ask(way, question)["Data"]]


def seen_by(uin: int) -> list[Listed]:
    """The vouchers that a partner sees, the newest first."""
    parents = {str(child): str(parent) for child, parent in PARENTS.items()}
    return sorted(
        (v for v in VOUCHERS if is_seen(str(uin), str(v.owner_uin), str(v.issuer_uin), parents)),
        key=lambda voucher: (voucher.issued_at, voucher.voucher_no),
        reverse=True,
    )


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_every_client_gets_the_answer_that_the_document_prints(listed: Clients, way: Way) -> None:
    assert as_json(content(listed.ask(way, SEED))) == as_json(SEED_ANSWER)


def test_an_integral_amount_has_no_fraction_in_the_body(listed: Clients) -> None:
    body = python_client(listed.address, PYTHON, SEED).call(SEED.action, SEED.params)
    assert b'"RemainingAmount":0.797104,"TotalAmount":1,' in body


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


@pytest.mark.parametrize("refusal", JSON_REFUSALS, ids=str)
def test_json_of_another_type_is_refused(listed: Clients, refusal: Refusal) -> None:
    check_refused(listed, PYTHON, SEED, refusal)


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
        not_a_choice("Usage", "x"),
        not_a_choice("ProductScope", "x"),
        not_found("unknown customer", CustomerUin=1),
    ]
    check_first_is_told(listed, way, SEED, faults)


# What the filter lists of one customer's vouchers, but for those that the platform has issued.
OF_MANY = [name for name in VARIED if name != "of the platform"]
STATES = {
    "Used": ["used"],
    "Expired": ["expired", "ended, not swept"],
    "Canceled": ["withdrawn"],
    "Invalidated": ["killed"],
}
NOT_ISSUED = [name for names in STATES.values() for name in names]
FILTERS: list[tuple[dict[str, Any], list[str]]] = [
    *(({"VoucherStatus": state}, names) for state, names in STATES.items()),
    ({"VoucherStatus": "Issued"}, [name for name in OF_MANY if name not in NOT_ISSUED]),
    ({"PaymentMode": "Prepaid"}, ["prepaid", "reserved"]),
    ({"PaymentMode": "postpaid"}, ["postpaid"]),
    (
        {"PaymentMode": "ALLPAYMENT"},
        [name for name in OF_MANY if name not in ("prepaid", "postpaid", "reserved")],
    ),
    ({"ProductScope": "SpecifyProducts"}, ["for one"]),
    ({"ProductScope": "SpecifyProductsBlacklist"}, ["not for one"]),
    ({"Usage": "CustomerOffer"}, OF_MANY),
    ({"Usage": "ProductTrial"}, []),
    ({"VoucherId": VARIED["named"].voucher_no}, ["named"]),
    ({"VoucherId": VARIED["of the platform"].voucher_no}, []),
    ({"VoucherId": 12342356}, []),
    ({"VoucherId": -1}, []),
    ({"VoucherId": VARIED["used"].voucher_no, "VoucherStatus": "Used"}, ["used"]),
    ({"VoucherStatus": "", "PaymentMode": "", "Usage": "", "ProductScope": ""}, OF_MANY),
]


@pytest.mark.parametrize(("params", "expected"), FILTERS, ids=str)
@pytest.mark.parametrize("way", SDK_WAYS, ids=str)
def test_filters(listed: Clients, way: Way, params: dict[str, Any], expected: list[str]) -> None:
    answer = listed.ask(way, replace(MANY, params=MANY.params | params))
    wanted = sorted(
        (VARIED[name] for name in expected),
        key=lambda voucher: (voucher.issued_at, voucher.voucher_no),
        reverse=True,
    )
    assert [row["VoucherId"] for row in answer["Data"]] == [v.voucher_no for v in wanted]
    assert answer["TotalCount"] == len(wanted)


def test_a_row_tells_state_amounts_and_terms(listed: Clients) -> None:
    told = {row["VoucherId"]: row for row in listed.ask(PYTHON, MANY)["Data"]}
    amounts = {"used": 0, "expired": 7.5, "withdrawn": 9.99999999, "killed": 10, "held": 10,
               "ended, not swept": 9}  # fmt: skip
    for name, left in amounts.items():
        row = told[VARIED[name].voucher_no]
        assert as_json(row["RemainingAmount"]) == as_json(left), name
        assert as_json(row["TotalAmount"]) == "10"
    assert told[VARIED["named"].voucher_no]["ApplyReason"] == '"\\\n理由'
    assert told[VARIED["reserved"].voucher_no]["PaymentMode"] == "Prepaid"
    assert told[VARIED["late"].voucher_no]["ExpireTime"] == "2091-12-31 23:59:58"


@pytest.mark.parametrize("uin", PARTNERS)
def test_partners_see_what_they_or_theirs_issued_to_customers_in_their_tree(
    listed: Clients, uin: int
) -> None:
    expected = seen_by(uin)
    question = replace(SEED, params={"Page": 1, "PageSize": 100}, key=key(uin))
    answer = listed.ask(PYTHON, question)
    assert [row["VoucherId"] for row in answer["Data"]] == [v.voucher_no for v in expected]
    assert answer["TotalCount"] == len(expected)
    for customer in (*PARENTS, listed_book.PLATFORM, 1):
        asked = replace(question, params=question.params | {"CustomerUin": customer})
        of_one = [v.voucher_no for v in expected if v.owner_uin == customer]
        if is_customer_of(customer, uin):
            assert numbers(listed, PYTHON, asked) == of_one
        else:
            check_refused(listed, PYTHON, asked, not_found("foreign"))


def is_customer_of(uin: int, partner: int) -> bool:
    """Whether an account is a customer, not a partner, in a partner's tree."""
    parents = {str(child): str(parent) for child, parent in PARENTS.items()}
    return uin not in PARTNER_UINS and is_below(str(uin), str(partner), parents)


def test_somebody_sees_something() -> None:
    """A slip in the rule must not make it hide everything."""
    assert [len(seen_by(uin)) for uin in PARTNERS] == [5, 2, len(OF_MANY) + 3, 0]


@pytest.mark.parametrize("size", [1, 5, 100])
def test_pages_hold_every_voucher_once_with_the_count_of_all(listed: Clients, size: int) -> None:
    expected = [voucher.voucher_no for voucher in seen_by(listed_book.RESELLER)]
    found, number = [], 0
    while True:
        number += 1
        answer = listed.ask(PYTHON, replace(SEED, params={"Page": number, "PageSize": size}))
        assert answer["TotalCount"] == len(expected)
        if not answer["Data"]:
            break
        found += [row["VoucherId"] for row in answer["Data"]]
    assert found == expected


def test_no_page_is_too_far(listed: Clients) -> None:
    answer = listed.ask(PYTHON, replace(SEED, params={"Page": 2**63 - 1, "PageSize": 100}))
    assert (answer["TotalCount"], answer["Data"]) == (len(seen_by(listed_book.RESELLER)), [])
