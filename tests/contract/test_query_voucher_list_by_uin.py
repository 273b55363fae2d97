"""QueryVoucherListByUin, as every official client sees it."""

from dataclasses import replace
from typing import Any

import pytest
from tests.contract import listed_book, refusals
from tests.contract.answers import as_json, content
from tests.contract.asking import CHINESE_WAYS, PYTHON, SDK_WAYS, WAYS, Question, Way
from tests.contract.clients import Clients
from tests.contract.listed_book import VARIED, Listed, key
from tests.contract.python_clients import python_client
from tests.contract.refusals import (
    Refusal,
    check_first_is_told,
    check_refused,
    not_a_choice,
)
from tests.contract.test_describe_customer_voucher_list import NO_ROLE_HERE, is_customer_of, seen_by
from tests.contract.test_describe_customer_voucher_usage_details import NO_ROLE, not_found

# A request and answer of the form that the action's document prints, which are no example of each
# other.
SEED = Question(
    "intlpartnersmgt",
    "QueryVoucherListByUin",
    {"ClientUins": [listed_book.MANY], "Status": "Used"},
    key(listed_book.RESELLER),
)
SEED_ANSWER: dict[str, Any] = {
    "Data": [
        {
            "ClientUin": listed_book.MANY,
            "TotalCount": 1,
            "Data": [
                {
                    "VoucherId": VARIED["used"].code,
                    "VoucherStatus": "Used",
                    "TotalAmount": 10,
                    "RemainAmount": 0,
                }
            ],
        }
    ]
}
STATUS = {
    "used": "Used",
    "expired": "Expired",
    "ended, not swept": "Expired",
    "withdrawn": "Expired",
    "killed": "Expired",
}


def uin_list(case: str, uins: list[int]) -> Refusal:
    return Refusal(
        case=case,
        params={"ClientUins": uins},
        code="InvalidParameterValue.UinList",
        en="The parameter `ClientUins` must hold 1 to 20 UINs.",
        zh="参数 `ClientUins` 必须包含 1 到 20 个 UIN。",
    )


def foreign(*uins: int) -> Refusal:
    return replace(not_found(f"foreign {uins}"), params={"ClientUins": list(uins)})


TOO_MANY = uin_list("21 customers", [listed_book.MANY] * 21)

# One of each error that the action can answer while its database is up.
REFUSALS = [
    refusals.wrong_key(SEED.key),
    refusals.UNKNOWN_KEY,
    NO_ROLE_HERE,
    refusals.missing("ClientUins"),
    refusals.wrong_type("Status", {"x": "y"}, "string"),
    TOO_MANY,
    not_a_choice("Status", "Issued"),
    foreign(listed_book.MANY, listed_book.OF_SUB),
]
MORE_REFUSALS: list[Refusal] = [
    replace(NO_ROLE, case="platform", key=key(listed_book.PLATFORM)),
    *(refusals.unknown(name) for name in ("ClientUin", "Page")),
    *(not_a_choice("Status", value) for value in ("unused", "Canceled", "*")),
    foreign(1),
    foreign(0),
    foreign(2**63),
    foreign(2**64 - 1),
    foreign(2**64),
    foreign(listed_book.RESELLER),
    foreign(listed_book.OF_DISTRIBUTOR, listed_book.MANY),
]


def row(voucher: Listed, name: str) -> dict[str, Any]:
    """A voucher as the list shows it."""
    return {
        "VoucherId": voucher.code,
        "VoucherStatus": STATUS.get(name, "Unused"),
        "TotalAmount": voucher.face,
        "RemainAmount": f"{voucher.left_micro / 10**8:.8f}".rstrip("0").rstrip("."),
    }


def rows(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of the only customer, amounts as text."""
    (customer,) = answer["Data"]
    assert customer["TotalCount"] == len(customer["Data"])
    return [
        shown
        | {
            name: f"{shown[name]:.8f}".rstrip("0").rstrip(".")
            for name in ("TotalAmount", "RemainAmount")
        }
        for shown in customer["Data"]
    ]


def names(status: str) -> list[str]:
    """Those of the customer's vouchers that a partner sees in this state, the newest first."""
    seen = [name for name in VARIED if name != "of the platform"]
    seen.sort(key=lambda name: (VARIED[name].issued_at, VARIED[name].voucher_no), reverse=True)
    return [name for name in seen if status in ("", STATUS.get(name, "Unused"))]


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_every_client_gets_an_answer_of_the_documents_form(listed: Clients, way: Way) -> None:
    assert as_json(content(listed.ask(way, SEED))) == as_json(SEED_ANSWER)


def test_an_integral_amount_has_no_fraction_in_the_body(listed: Clients) -> None:
    body = python_client(listed.address, PYTHON, SEED).call(SEED.action, SEED.params)
    assert b'"TotalAmount":10,"RemainAmount":0}' in body


@pytest.mark.parametrize("status", ["", "Unused", "Used", "Expired"])
@pytest.mark.parametrize("way", SDK_WAYS, ids=str)
def test_all_of_a_state_are_told_the_newest_first(listed: Clients, way: Way, status: str) -> None:
    params = {"ClientUins": [listed_book.MANY], "Status": status}
    answer = listed.ask(way, replace(SEED, params=params))
    assert rows(answer) == [row(VARIED[name], name) for name in names(status)]


@pytest.mark.parametrize("way", SDK_WAYS, ids=str)
def test_customers_come_in_the_order_asked_each_once(listed: Clients, way: Way) -> None:
    uins = [listed_book.NO_VOUCHERS, listed_book.MANY, listed_book.LISTED, listed_book.NO_VOUCHERS]
    answer = listed.ask(way, replace(SEED, params={"ClientUins": uins}))
    assert [one["ClientUin"] for one in answer["Data"]] == uins[:3]
    assert [one["TotalCount"] for one in answer["Data"]] == [0, len(VARIED) - 1, 1]
    assert answer["Data"][0]["Data"] == []


@pytest.mark.parametrize("count", [1, 20])
def test_1_to_20_customers_may_be_named(listed: Clients, count: int) -> None:
    uins = [listed_book.LISTED] * count
    (customer,) = listed.ask(PYTHON, replace(SEED, params={"ClientUins": uins}))["Data"]
    assert [shown["VoucherStatus"] for shown in customer["Data"]] == ["Expired"]


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


@pytest.mark.parametrize("refusal", [
    uin_list("none", []),
    refusals.wrong_type("ClientUins", "1", "array"),
    replace(refusals.wrong_type("ClientUins.0", "x", "integer"), params={"ClientUins": ["x"]}),
    replace(refusals.wrong_type("ClientUins.1", -1, "integer"), params={"ClientUins": [1, -1]}),
], ids=str)  # fmt: skip
def test_json_of_another_type_is_refused(listed: Clients, refusal: Refusal) -> None:
    check_refused(listed, PYTHON, SEED, refusal)


@pytest.mark.parametrize("way", [PYTHON, Way("python", "HmacSHA1", "POST")], ids=str)
def test_of_several_faults_the_first_in_the_documented_order_is_told(
    listed: Clients, way: Way
) -> None:
    faults = [
        refusals.wrong_key(SEED.key),
        NO_ROLE_HERE,
        refusals.unknown("Colour"),
        TOO_MANY,
        not_a_choice("Status", "x"),
        foreign(1),
    ]
    check_first_is_told(listed, way, SEED, faults)


@pytest.mark.parametrize(
    "uin", [listed_book.DISTRIBUTOR, listed_book.SUB_RESELLER, listed_book.RESELLER]
)
def test_partners_see_what_they_or_theirs_issued_to_customers_in_their_tree(
    listed: Clients, uin: int
) -> None:
    for customer in listed_book.PARENTS:
        asked = replace(SEED, params={"ClientUins": [customer]}, key=key(uin))
        if is_customer_of(customer, uin):
            codes = [shown["VoucherId"] for shown in rows(listed.ask(PYTHON, asked))]
            assert codes == [v.code for v in seen_by(uin) if v.owner_uin == customer]
        else:
            check_refused(listed, PYTHON, asked, replace(foreign(customer), params={}))
