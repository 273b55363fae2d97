"""DescribeVoucherUsageDetails, as every official client sees it."""

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

# The request and answer that the action's document prints, RequestId aside; its "abc" stands for
# any voucher and operator.
SEED = Question(
    "billing",
    "DescribeVoucherUsageDetails",
    {"Limit": 10, "Offset": 1, "VoucherId": "VHPIUDFG9GUZDESWPR4W99"},
    sample.CUSTOMER_B,
)
SEED_ANSWER: dict[str, Any] = {
    "TotalUsedAmount": 10000000,
    "TotalCount": 1,
    "UsageRecords": [
        {
            "UsedAmount": 10000000,
            "PayScene": "common",
            "UsedTime": "2024-03-29 02:03:27",
            "VoucherId": "VHPIUDFG9GUZDESWPR4W99",
            "SeqId": "10071_2024032902_1300223973_1711649007",
            "UsageDetails": [
                {
                    "Action": "purchase",
                    "BillingItemCode": "v_cvm_bandwidth",
                    "SubProductName": "Cloud Virtual Machine (CVM)-standard type S1",
                    "SubProductEnName": "CVM Standard S1",
                    "ProductName": "Cloud Virtual Machine (CVM)",
                    "ProductCode": "cvm",
                    "SubBillingItemCode": "sv_cvm_bandwidth_prepay",
                    "ProductEnName": "Cloud Virtual Machine(CVM)",
                    "CalcUnit": "1",
                    "SubProductCode": "p_cvm",
                }
            ],
            "PayMode": "postpay",
        }
    ],
}
NOTHING: dict[str, Any] = {"TotalCount": 0, "TotalUsedAmount": 0, "UsageRecords": []}

NO_PERMISSION = Refusal(
    case="stranger's number",
    params={"Operator": "123456789012"},
    code="UnauthorizedOperation.CamNoAuth",
    en="The account does not have CAM permission.",
    zh="该账号没有 CAM 权限。",
)


def page(name: str, value: int) -> Refusal:
    return refusals.out_of_range("InvalidParameter", name, value)


def not_a_uin(operator: str) -> Refusal:
    return Refusal(
        case=f"Operator {operator!r}",
        params={"Operator": operator},
        code="FailedOperation.InvalidAppId",
        en="Invalid App ID.",
        zh="无效的 App ID。",
    )


def operator(value: str) -> Refusal:
    return replace(NO_PERMISSION, case=f"Operator {value!r}", params={"Operator": value})


# One of each error that the action can answer while its database is up.
REFUSALS = [
    refusals.wrong_key(sample.CUSTOMER_B),
    refusals.UNKNOWN_KEY,
    refusals.missing("Limit"),
    refusals.missing("VoucherId", ""),
    refusals.wrong_type("Offset", "one", "integer"),
    page("Limit", 0),
    not_a_uin("abc"),
    NO_PERMISSION,
]
# More values that lead to them.
MORE_REFUSALS: list[Refusal] = [
    *(refusals.missing(name) for name in ("Offset", "VoucherId")),
    *(refusals.missing(name, None) for name in ("Limit", "Offset", "VoucherId")),
    refusals.missing("VoucherId", '""'),
    *(refusals.unknown(name) for name in ("Colour", "voucherId", "UsageRecords")),
    *(refusals.wrong_type("Limit", value, "integer") for value in ("", "ten", "10.0", 2**63)),
    *(refusals.wrong_type("Offset", value, "integer") for value in ("+1", 2**64)),
    *(page("Limit", value) for value in (-1, 1_001, 2**62, -(2**63))),
    *(page("Offset", value) for value in (-1, -(2**63))),
    *(not_a_uin(text) for text in ('"abc"', "-1", "1.0", " ", "１２３", "700000866965x")),
    *(operator(text) for text in ("0", "1", "9" * 40, str(sample.CUSTOMER_A_UIN), "200000000200")),
]
# Faults that text can't have, where every value is text.
JSON_REFUSALS: list[Refusal] = [
    *(
        refusals.wrong_type("Limit", value, "integer")
        for value in ("10", 10.0, True, [10], {"n": 10})
    ),
    *(refusals.wrong_type("VoucherId", value, "string") for value in (12130013, True, ["x"])),
    *(refusals.wrong_type("Operator", value, "string") for value in (700000866965, False)),
]


def asking(**params: Any) -> Question:
    """The seed's request with other parameters."""
    return replace(SEED, params=SEED.params | params)


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_every_client_gets_the_answer_that_the_document_prints(clients: Clients, way: Way) -> None:
    answer = clients.ask(way, SEED)
    assert as_json(content(answer)) == as_json(SEED_ANSWER)


def test_tccli_gets_it_with_plain_options(clients: Clients) -> None:
    options = [text for name, value in SEED.params.items() for text in (f"--{name}", str(value))]
    answer = run_tccli(clients.tccli_home, clients.address, SEED, *options)
    assert as_json(content(answer)) == as_json(SEED_ANSWER)


def test_amounts_are_integers_in_the_body(clients: Clients) -> None:
    body = python_client(clients.address, PYTHON, SEED).call(SEED.action, SEED.params)
    assert b'"TotalUsedAmount":10000000,' in body
    assert b'"UsedAmount":10000000,' in body


@pytest.mark.parametrize("way", SDK_WAYS, ids=str)
@pytest.mark.parametrize(
    "voucher",
    ["12130013", '"12130013"', '"VHPIUDFG9GUZDESWPR4W99"'],
    ids=["number", "quoted number", "quoted code"],
)
def test_a_voucher_is_found_by_its_code_or_number_quoted_or_not(
    clients: Clients, way: Way, voucher: str
) -> None:
    answer = clients.ask(way, asking(VoucherId=voucher))
    assert as_json(content(answer)) == as_json(SEED_ANSWER)


@pytest.mark.parametrize(
    "voucher",
    [
        "SAMPLEVOUCHERA00000001",
        "12130012",
        "12130099",
        "NOSUCHVOUCHER000000001",
        "vhpiudfg9guzdeswpr4w99",
        "abc",
        '"',
        '""VHPIUDFG9GUZDESWPR4W99""',
        " 12130013",
        "9" * 400,
        "代金券",
        "x\x00y",
        "'; drop table voucher; --",
    ],
)
@pytest.mark.parametrize("way", [PYTHON, Way("python", "HmacSHA1", "POST")], ids=str)
def test_a_voucher_that_is_not_the_callers_answers_like_one_that_never_was(
    clients: Clients, way: Way, voucher: str
) -> None:
    answer = clients.ask(way, asking(VoucherId=voucher))
    assert as_json(content(answer)) == as_json(NOTHING)


@pytest.mark.parametrize("operator", ["700000866965", '"700000866965"', "", '""', None])
@pytest.mark.parametrize("way", [PYTHON, Way("python", "HmacSHA1", "GET")], ids=str)
def test_the_caller_may_be_its_own_operator(
    clients: Clients, way: Way, operator: str | None
) -> None:
    answer = clients.ask(way, asking(Operator=operator))
    assert as_json(content(answer)) == as_json(SEED_ANSWER)


@pytest.mark.parametrize("way", CHINESE_WAYS, ids=str)
def test_names_are_in_the_language_asked_for(clients: Clients, way: Way) -> None:
    answer = clients.ask(way, replace(SEED, language="zh-CN"))
    line = answer["UsageRecords"][0]["UsageDetails"][0]
    assert (line["ProductName"], line["SubProductName"]) == ("云服务器CVM", "云服务器CVM-标准型S1")
    assert (line["ProductEnName"], line["SubProductEnName"]) == (
        "Cloud Virtual Machine(CVM)",
        "CVM Standard S1",
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
    check_refused(clients, TCCLI, replace(SEED, language="zh-CN"), not_a_uin("abc"))


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
        refusals.wrong_key(sample.CUSTOMER_B),
        refusals.missing("VoucherId"),
        refusals.unknown("Colour"),
        refusals.wrong_type("Offset", "x", "integer"),
        page("Limit", 0),
        page("Offset", -1),
        not_a_uin("abc"),
    ]
    check_first_is_told(clients, way, SEED, faults)
    assert clients.ask(way, SEED)["TotalCount"] == 1
