"""QueryVoucherPool, as every official client sees it."""

from dataclasses import replace
from typing import Any

import pytest
from tests.contract import refusals, sample
from tests.contract.answers import as_json, content
from tests.contract.asking import CHINESE_WAYS, PYTHON, WAYS, Key, Question, Way
from tests.contract.clients import Clients
from tests.contract.house import PLATFORM, Account, House, soon, wait_until_past
from tests.contract.raw import Api, Draft, ask
from tests.contract.refusals import Refusal, check_first_is_told, check_refused
from tests.contract.test_describe_customer_voucher_usage_details import NO_ROLE

# The request that the action's document prints, and an answer of the form that it prints.
SEED = Question("intlpartnersmgt", "QueryVoucherPool", {}, sample.RESELLER)
SEED_ANSWER: dict[str, Any] = {
    "TotalQuota": 100000,
    "IssuedNum": 2,
    "RemainingQuota": 99998.9,
    "AccountType": 1,
    "AgentName": "Sample reseller",
}
NO_ROLE_HERE = replace(NO_ROLE, key=sample.CUSTOMER_A)

# One of each error that the action can answer while its database is up.
REFUSALS = [refusals.wrong_key(SEED.key), refusals.UNKNOWN_KEY, NO_ROLE_HERE]


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_every_client_gets_an_answer_of_the_documents_form(clients: Clients, way: Way) -> None:
    assert as_json(content(clients.ask(way, SEED))) == as_json(SEED_ANSWER)


@pytest.mark.parametrize("refusal", REFUSALS, ids=str)
@pytest.mark.parametrize("way", WAYS, ids=str)
def test_every_client_reads_every_error(clients: Clients, way: Way, refusal: Refusal) -> None:
    check_refused(clients, way, SEED, refusal)


@pytest.mark.parametrize("refusal", [*REFUSALS, refusals.unknown("Colour")], ids=str)
@pytest.mark.parametrize("way", CHINESE_WAYS, ids=str)
def test_errors_are_in_chinese_when_asked_for(clients: Clients, way: Way, refusal: Refusal) -> None:
    check_refused(clients, way, replace(SEED, language="zh-CN"), refusal)


@pytest.mark.parametrize("way", [PYTHON, Way("python", "HmacSHA256", "GET")], ids=str)
@pytest.mark.parametrize(
    "key", [sample.OPERATOR, sample.CUSTOMER_A, sample.CUSTOMER_B, sample.CUSTOMER_C], ids=str
)
def test_only_partners_may_ask(clients: Clients, way: Way, key: Key) -> None:
    check_refused(clients, way, SEED, replace(NO_ROLE, key=key))


@pytest.mark.parametrize("way", [PYTHON, Way("python", "HmacSHA1", "POST")], ids=str)
def test_of_several_faults_the_first_in_the_documented_order_is_told(
    clients: Clients, way: Way
) -> None:
    faults: list[Refusal] = [
        refusals.wrong_key(SEED.key),
        NO_ROLE_HERE,
        refusals.unknown("ClientUins"),
    ]
    check_first_is_told(clients, way, SEED, faults)


@pytest.mark.parametrize(
    ("key", "account_type", "name", "total", "issued"),
    [
        (sample.RESELLER, 1, "Sample reseller", 100_000, 2),
        (sample.DISTRIBUTOR, 2, "Sample distributor", 100_000, 0),
        (sample.SUB_RESELLER, 3, "Sample second-level reseller", 10_000, 1),
    ],
)
def test_each_partner_is_told_of_itself(
    clients: Clients, key: Key, account_type: int, name: str, total: int, issued: int
) -> None:
    answer = clients.ask(PYTHON, replace(SEED, key=key))
    assert (answer["AccountType"], answer["AgentName"]) == (account_type, name)
    assert (answer["TotalQuota"], answer["IssuedNum"]) == (total, issued)


def quota(house: House, partner: Account) -> tuple[float, float, int]:
    """Total and remaining quota of a partner, and how many vouchers it has issued."""
    api = Api("intlpartnersmgt", "2022-09-28", "QueryVoucherPool", "", {})
    answer = ask(house.address, Draft(api, key=partner.key)).response
    return answer["TotalQuota"], answer["RemainingQuota"], answer["IssuedNum"]


def test_quota_follows_what_is_issued_allocated_and_returned(house: House) -> None:
    assert quota(house, house.reseller) == (1000, 1000, 0)
    voucher = house.voucher("100.00000001")
    house.voucher("1", by=PLATFORM)
    house.usage("10", VoucherIds=[voucher])
    assert quota(house, house.reseller) == (1000, 899.99999999, 1)
    ended = {"CustomerUin": house.customer.uin, "VoucherId": voucher}
    house.items("WithdrawVouchers", house.reseller, "Vouchers", [ended])
    assert quota(house, house.reseller) == (1000, 990, 1)
    house.do(
        "AdjustVoucherQuota",
        house.distributor,
        PartnerUin=house.sub_reseller.uin,
        Amount="250",
    )
    assert quota(house, house.distributor) == (1000, 750, 0)
    assert quota(house, house.sub_reseller) == (1250, 1250, 0)


def test_what_an_end_gives_back_is_there_at_once(house: House) -> None:
    last_second = soon()
    house.voucher("100", ExpireTime=last_second)
    house.voucher("50")
    assert quota(house, house.reseller) == (1000, 850, 2)
    wait_until_past(last_second)
    assert quota(house, house.reseller) == (1000, 950, 2)


def test_what_is_shown_can_be_issued(house: House) -> None:
    last_second = soon()
    house.voucher("400", ExpireTime=last_second)
    held = house.voucher("500", ExpireTime=last_second)
    house.hold("500", VoucherIds=[held], ExpireTime=last_second)
    wait_until_past(last_second)
    _, remaining, _ = quota(house, house.reseller)
    assert remaining == 1000
    house.voucher("1000")
    assert quota(house, house.reseller) == (1000, 0, 3)


def test_a_partner_without_quota_has_none(house: House) -> None:
    newcomer = house.account("reseller", PLATFORM)
    assert quota(house, newcomer) == (0, 0, 0)
