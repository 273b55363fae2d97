"""DescribeCustomerVoucherUsageDetails, as every official client sees it."""

from dataclasses import replace
from typing import Any

import pytest
from tests.contract import refusals, sample
from tests.contract.answers import as_json, content
from tests.contract.asking import CHINESE_WAYS, PYTHON, SDK_WAYS, TCCLI, WAYS, Question, Way
from tests.contract.clients import Clients
from tests.contract.python_clients import python_client
from tests.contract.refusals import Refusal, check_first_is_told, check_refused
from tests.contract.tccli_client import run_tccli

# The request and answer that the action's document prints, RequestId aside.
SEED = Question(
    "intlpartnersmgt",
    "DescribeCustomerVoucherUsageDetails",
    {
        "Page": 1,
        "PageSize": 10,
        "CustomerUin": 800000495142,
        "VoucherId": 12130012,
        "Month": "2024-03",
    },
    sample.RESELLER,
)
SEED_ANSWER: dict[str, Any] = {
    "CustomerUin": 800000495142,
    "Data": [],
    "Month": "2024-03",
    "RecordsCountByMonth": 0,
    "RemainAmount": 0,
    "TotalAmount": 1,
    "TotalRecordsCount": 2,
    "VoucherId": 12130012,
}
ALL_MONTHS = replace(SEED, params={k: v for k, v in SEED.params.items() if k != "Month"})

NOT_FOUND = ("FailedOperation", "Operation failed: the customer or voucher was not found.")
NOT_FOUND_ZH = "操作失败：客户或代金券不存在。"
NO_ROLE = Refusal(
    case="caller without the role",
    params={},
    code="UnauthorizedOperation.UinNoAuth",
    en="The current user doesn’t have permission for the operation.",
    zh="当前用户没有该操作的权限。",
    key=sample.CUSTOMER_A,
)


def page(name: str, value: int) -> Refusal:
    return refusals.out_of_range("InvalidParameter.Page", name, value)


def month(value: str) -> Refusal:
    return Refusal(
        case=f"Month {value!r}",
        params={"Month": value},
        code="InvalidParameterValue.InvalidMonth",
        en="The parameter `Month` is not a month in the form YYYY-MM.",
        zh="参数 `Month` 不是 YYYY-MM 格式的月份。",
    )


def not_found(case: str, **params: int) -> Refusal:
    return Refusal(case, params, *NOT_FOUND, NOT_FOUND_ZH)


# One of each error that the action can answer.
REFUSALS = [
    refusals.wrong_key(sample.RESELLER),
    refusals.UNKNOWN_KEY,
    NO_ROLE,
    refusals.missing("VoucherId"),
    refusals.wrong_type("Page", "one", "integer"),
    page("Page", 0),
    month("2024-13"),
    not_found("unknown voucher", VoucherId=12130099),
]
# More values that lead to them.
MORE_REFUSALS: list[Refusal] = [
    replace(NO_ROLE, case="operator", key=sample.OPERATOR),
    *(refusals.missing(name) for name in ("Page", "PageSize", "CustomerUin")),
    *(refusals.missing(name, None) for name in ("Page", "PageSize", "CustomerUin", "VoucherId")),
    *(refusals.unknown(name) for name in ("Colour", "page", "Data")),
    *(refusals.wrong_type("PageSize", value, "integer") for value in ("1.5", "", "1e1", 2**63)),
    *(refusals.wrong_type("CustomerUin", value, "integer") for value in ("x", -(2**63) - 1)),
    *(page("Page", value) for value in (-1, -(2**63))),
    *(page("PageSize", value) for value in (-1, 0, 101, 2**62)),
    *(month(value) for value in ("2024-00", "202403", "2024-3", "2024-03-01", " 2024-03", "x")),
    *(month(value) for value in ("2024-٠3", "2024-03\n", "2024-03 ")),
    not_found("voucher of another customer", VoucherId=12130013),
    not_found("another partner's customer", CustomerUin=800000190982, VoucherId=12130014),
    not_found("unknown customer", CustomerUin=1),
    not_found("customer below zero", CustomerUin=-1),
    not_found("largest voucher number", VoucherId=2**63 - 1),
]
# Faults that text can't have, where every value is text.
JSON_REFUSALS: list[Refusal] = [
    *(
        refusals.wrong_type("Page", value, "integer")
        for value in ("1", 1.0, 1.5, True, [1], {"n": 1})
    ),
    *(refusals.wrong_type("Month", value, "string") for value in (202403, True, ["2024-03"])),
]


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_every_client_gets_the_answer_that_the_document_prints(clients: Clients, way: Way) -> None:
    answer = clients.ask(way, SEED)
    assert as_json(content(answer)) == as_json(SEED_ANSWER)


def test_tccli_gets_it_with_plain_options(clients: Clients) -> None:
    options = [text for name, value in SEED.params.items() for text in (f"--{name}", str(value))]
    answer = run_tccli(clients.tccli_home, clients.address, SEED, *options)
    assert as_json(content(answer)) == as_json(SEED_ANSWER)


def test_an_integral_amount_has_no_fraction_in_the_body(clients: Clients) -> None:
    body = python_client(clients.address, PYTHON, SEED).call(SEED.action, SEED.params)
    assert b'"TotalAmount":1,' in body
    assert b'"RemainAmount":0,' in body


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_every_client_gets_records_field_by_field(clients: Clients, way: Way) -> None:
    answer = clients.ask(way, ALL_MONTHS)
    newer, older = answer["Data"]
    assert (newer["PayTime"], newer["Amount"], newer["PayMode"]) == (
        "2024-02-20 10:00:00",
        0.7,
        "Postpaid",
    )
    assert newer["BillId"]
    assert newer["DealName"] == ""
    assert older.pop("Id") != newer["Id"]
    assert older.pop("DealName")
    assert as_json(older) == as_json(
        {
            "VoucherId": "12130012",
            "BillId": "",
            "Amount": 0.3,
            "PayMode": "Prepaid",
            "ProductCode": "p_cbs",
            "SubProductCode": "sp_cbs_premium",
            "ProductCodeName": "cloud block storage",
            "SubProductCodeName": "Premium cloud block storage",
            "PayTime": "2024-01-09 20:17:46",
            "CompletionTime": "2024-01-09 20:17:51",
            "OwnerUin": 800000495142,
        }
    )


@pytest.mark.parametrize("month", [None, ""], ids=["absent", "empty"])
def test_without_a_month_all_records_are_told(clients: Clients, month: str | None) -> None:
    params = ALL_MONTHS.params if month is None else SEED.params | {"Month": month}
    answer = clients.ask(PYTHON, replace(SEED, params=params))
    assert len(answer["Data"]) == 2
    assert (answer["Month"], answer["TotalRecordsCount"], answer["RecordsCountByMonth"]) == (
        "",
        2,
        2,
    )


@pytest.mark.parametrize("way", CHINESE_WAYS, ids=str)
def test_names_are_in_the_language_asked_for(clients: Clients, way: Way) -> None:
    question = replace(ALL_MONTHS, params=ALL_MONTHS.params | {"PageSize": 1})
    english, chinese = (
        clients.ask(way, replace(question, language=language))["Data"][0]
        for language in ("en-US", "zh-CN")
    )
    assert (english["ProductCodeName"], english["SubProductCodeName"]) == (
        "Cloud Virtual Machine (CVM)",
        "Cloud Virtual Machine (CVM)-standard type S1",
    )
    assert (chinese["ProductCodeName"], chinese["SubProductCodeName"]) == (
        "云服务器CVM",
        "云服务器CVM-标准型S1",
    )


@pytest.mark.parametrize("refusal", REFUSALS, ids=str)
@pytest.mark.parametrize("way", WAYS, ids=str)
def test_every_client_reads_every_error(clients: Clients, way: Way, refusal: Refusal) -> None:
    check_refused(clients, way, SEED, refusal)


# tccli keeps what it does not know to itself.
@pytest.mark.parametrize("way", SDK_WAYS, ids=str)
def test_every_client_is_told_of_an_unknown_parameter(clients: Clients, way: Way) -> None:
    check_refused(clients, way, SEED, refusals.unknown("Colour"))


@pytest.mark.parametrize("refusal", [*REFUSALS, refusals.unknown("Colour")], ids=str)
@pytest.mark.parametrize("way", CHINESE_WAYS, ids=str)
def test_errors_are_in_chinese_when_asked_for(clients: Clients, way: Way, refusal: Refusal) -> None:
    check_refused(clients, way, replace(SEED, language="zh-CN"), refusal)


def test_tccli_reads_an_error_in_chinese(clients: Clients) -> None:
    check_refused(clients, TCCLI, replace(SEED, language="zh-CN"), month("2024"))


@pytest.mark.parametrize("refusal", MORE_REFUSALS, ids=str)
@pytest.mark.parametrize("way", [PYTHON, Way("python", "HmacSHA256", "GET")], ids=str)
def test_every_wrong_value_is_named(clients: Clients, way: Way, refusal: Refusal) -> None:
    check_refused(clients, way, SEED, refusal)


@pytest.mark.parametrize("refusal", JSON_REFUSALS, ids=str)
def test_json_of_another_type_is_refused(clients: Clients, refusal: Refusal) -> None:
    check_refused(clients, PYTHON, SEED, refusal)


@pytest.mark.parametrize("way", [PYTHON, Way("python", "HmacSHA1", "POST")], ids=str)
def test_of_several_faults_the_first_in_the_documented_order_is_told(
    clients: Clients, way: Way
) -> None:
    faults = [
        refusals.wrong_key(sample.RESELLER),
        NO_ROLE,
        refusals.missing("VoucherId"),
        refusals.unknown("Colour"),
        refusals.wrong_type("CustomerUin", "x", "integer"),
        page("Page", 0),
        page("PageSize", 101),
        month("2024-13"),
        not_found("unknown voucher", VoucherId=12130099),
    ]
    check_first_is_told(clients, way, SEED, faults)
    assert clients.ask(way, SEED)["TotalRecordsCount"] == 2
