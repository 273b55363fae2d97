"""DescribeCustomerOwnVoucherUsageDetails, as every official client sees it."""

from dataclasses import replace
from typing import Any

import pytest
from tests.contract import refusals, sample
from tests.contract.answers import as_json, content
from tests.contract.asking import CHINESE_WAYS, PYTHON, WAYS, Question, Way
from tests.contract.clients import Clients
from tests.contract.refusals import Refusal, check_first_is_told, check_refused
from tests.contract.test_describe_customer_voucher_usage_details import (
    NO_ROLE,
    month,
    not_found,
    page,
)
from tests.contract.test_describe_customer_voucher_usage_details import SEED as BY_PARTNER

# The document's own request, of a voucher that this customer has.
SEED = Question(
    "intlpartnersmgt",
    "DescribeCustomerOwnVoucherUsageDetails",
    {"Page": 1, "PageSize": 100, "VoucherId": 12130012, "Month": "2026-03"},
    sample.CUSTOMER_A,
)
SEED_ANSWER: dict[str, Any] = {
    "Data": [],
    "Month": "2026-03",
    "RecordsCountByMonth": 0,
    "RemainAmount": 0,
    "TotalAmount": 1,
    "TotalRecordsCount": 2,
    "VoucherId": 12130012,
}
NO_ROLE_HERE = replace(NO_ROLE, key=sample.RESELLER)

# One of each error that the action can answer while its database is up.
REFUSALS = [
    refusals.wrong_key(SEED.key),
    refusals.UNKNOWN_KEY,
    NO_ROLE_HERE,
    refusals.missing("VoucherId"),
    refusals.wrong_type("Page", "one", "integer"),
    page("Page", 0),
    month("2024-13"),
    not_found("the document's own voucher", VoucherId=12365856),
]
MORE_REFUSALS: list[Refusal] = [
    *(
        replace(NO_ROLE, case=key.secret_id, key=key)
        for key in (sample.OPERATOR, sample.DISTRIBUTOR, sample.SUB_RESELLER)
    ),
    *(refusals.missing(name) for name in ("Page", "PageSize")),
    *(refusals.unknown(name) for name in ("CustomerUin", "month")),
    *(page("PageSize", value) for value in (-1, 0, 101)),
    *(month(value) for value in ("202403", "x")),
    *(not_found(str(number), VoucherId=number) for number in (12130013, 0, -1, 2**63 - 1)),
]


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_every_client_gets_the_answer_of_the_documents_form(clients: Clients, way: Way) -> None:
    assert as_json(content(clients.ask(way, SEED))) == as_json(SEED_ANSWER)


@pytest.mark.parametrize("way", WAYS, ids=str)
@pytest.mark.parametrize("month", ["", "2024-01"])
def test_an_owner_sees_the_records_that_its_partner_sees(
    clients: Clients, way: Way, month: str
) -> None:
    own, partners = (
        content(clients.ask(way, replace(question, params=question.params | {"Month": month})))
        for question in (SEED, BY_PARTNER)
    )
    assert len(own["Data"]) == (2 if month == "" else 1)
    assert as_json(own | {"CustomerUin": sample.CUSTOMER_A_UIN}) == as_json(partners)


@pytest.mark.parametrize("way", CHINESE_WAYS, ids=str)
def test_names_are_in_the_language_asked_for(clients: Clients, way: Way) -> None:
    params = SEED.params | {"Month": "2024-02"}
    chinese = clients.ask(way, replace(SEED, params=params, language="zh-CN"))["Data"][0]
    assert (chinese["ProductCodeName"], chinese["SubProductCodeName"]) == (
        "云服务器CVM",
        "云服务器CVM-标准型S1",
    )


@pytest.mark.parametrize("refusal", REFUSALS, ids=str)
@pytest.mark.parametrize("way", WAYS, ids=str)
def test_every_client_reads_every_error(clients: Clients, way: Way, refusal: Refusal) -> None:
    check_refused(clients, way, SEED, refusal)


@pytest.mark.parametrize("refusal", [*REFUSALS, refusals.unknown("Colour")], ids=str)
@pytest.mark.parametrize("way", CHINESE_WAYS, ids=str)
def test_errors_are_in_chinese_when_asked_for(clients: Clients, way: Way, refusal: Refusal) -> None:
    check_refused(clients, way, replace(SEED, language="zh-CN"), refusal)


@pytest.mark.parametrize("refusal", MORE_REFUSALS, ids=str)
@pytest.mark.parametrize("way", [PYTHON, Way("python", "HmacSHA256", "GET")], ids=str)
def test_every_wrong_value_is_named(clients: Clients, way: Way, refusal: Refusal) -> None:
    check_refused(clients, way, SEED, refusal)


@pytest.mark.parametrize("way", [PYTHON, Way("python", "HmacSHA1", "POST")], ids=str)
def test_of_several_faults_the_first_in_the_documented_order_is_told(
    clients: Clients, way: Way
) -> None:
    faults = [
        refusals.wrong_key(SEED.key),
        NO_ROLE_HERE,
        refusals.missing("PageSize"),
        refusals.unknown("Colour"),
        refusals.wrong_type("VoucherId", "x", "integer"),
        page("Page", 0),
        page("PageSize", 101),
        month("2024-13"),
        not_found("unknown voucher", VoucherId=12130099),
    ]
    check_first_is_told(clients, way, SEED, faults)


@pytest.mark.parametrize("size", [100, 7])
def test_pages_hold_every_record_once(clients: Clients, size: int) -> None:
    of_c = replace(SEED, key=sample.CUSTOMER_C)
    asked = {"PageSize": size, "VoucherId": sample.VOUCHER_C[0]}
    found: list[int] = []
    for number in range(1, sample.VOUCHER_C_RECORDS // size + 3):
        answer = clients.ask(PYTHON, replace(of_c, params=asked | {"Page": number}))
        assert answer["TotalRecordsCount"] == sample.VOUCHER_C_RECORDS
        found += [record["Id"] for record in answer["Data"]]
    assert len(set(found)) == sample.VOUCHER_C_RECORDS == len(found)
    assert found == sorted(found, reverse=True)


def test_nobody_sees_anothers(clients: Clients) -> None:
    for key, own in ((sample.CUSTOMER_A, 12130012), (sample.CUSTOMER_B, 12130013)):
        for number in (12130012, 12130013, 12130014, 12130015):
            asked = replace(SEED, params=SEED.params | {"VoucherId": number}, key=key)
            if number == own:
                assert clients.ask(PYTHON, asked)["VoucherId"] == own
            else:
                check_refused(clients, PYTHON, asked, not_found("another's"))
