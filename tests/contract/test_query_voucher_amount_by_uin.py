"""QueryVoucherAmountByUin, as every official client sees it."""

from dataclasses import replace
from typing import Any

import pytest
from tests.contract import listed_book, refusals
from tests.contract.answers import as_json, content
from tests.contract.asking import CHINESE_WAYS, PYTHON, SDK_WAYS, WAYS, Question, Way
from tests.contract.clients import Clients
from tests.contract.listed_book import VARIED, key
from tests.contract.refusals import Refusal, check_first_is_told, check_refused
from tests.contract.test_describe_customer_voucher_list import NO_ROLE_HERE, is_customer_of, seen_by
from tests.contract.test_describe_customer_voucher_usage_details import NO_ROLE
from tests.contract.test_query_voucher_list_by_uin import TOO_MANY, foreign, uin_list

from counterfoil.domain.money import micro

# A request and answer of the form that the action's document prints, which are no example of each
# other. Of the 18 vouchers that the partner sees, two were ended early; of the rest, one is used,
# two have ended and one has not begun.
SEED = Question(
    "intlpartnersmgt",
    "QueryVoucherAmountByUin",
    {"ClientUins": [listed_book.MANY]},
    key(listed_book.RESELLER),
)
SEED_ANSWER: dict[str, Any] = {
    "Data": [{"ClientUin": listed_book.MANY, "TotalAmount": 160, "RemainAmount": 120}]
}

# One of each error that the action can answer while its database is up.
REFUSALS = [
    refusals.wrong_key(SEED.key),
    refusals.UNKNOWN_KEY,
    NO_ROLE_HERE,
    refusals.missing("ClientUins"),
    TOO_MANY,
    foreign(listed_book.MANY, listed_book.OF_SUB),
]
MORE_REFUSALS: list[Refusal] = [
    replace(NO_ROLE, case="platform", key=key(listed_book.PLATFORM)),
    *(refusals.unknown(name) for name in ("Status", "ClientUin")),
    *(foreign(uin) for uin in (0, 1, 2**63, 2**64 - 1, listed_book.RESELLER)),
    foreign(listed_book.OF_DISTRIBUTOR, listed_book.MANY),
]


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_every_client_gets_an_answer_of_the_documents_form(listed: Clients, way: Way) -> None:
    assert as_json(content(listed.ask(way, SEED))) == as_json(SEED_ANSWER)


@pytest.mark.parametrize("way", SDK_WAYS, ids=str)
def test_customers_come_in_the_order_asked_each_once(listed: Clients, way: Way) -> None:
    uins = [listed_book.NO_VOUCHERS, listed_book.INFO, listed_book.LISTED, listed_book.NO_VOUCHERS]
    answer = listed.ask(way, replace(SEED, params={"ClientUins": uins}))
    amounts = [(12, 12), (0, 0)]
    assert as_json(answer["Data"]) == as_json(
        [
            {"ClientUin": uin, "TotalAmount": total, "RemainAmount": remaining}
            for uin, (total, remaining) in zip(uins[:3], [(0, 0), *amounts], strict=True)
        ]
    )


@pytest.mark.parametrize(
    "uin", [listed_book.DISTRIBUTOR, listed_book.SUB_RESELLER, listed_book.RESELLER]
)
def test_partners_sum_what_they_or_theirs_issued_to_customers_in_their_tree(
    listed: Clients, uin: int
) -> None:
    for customer in listed_book.PARENTS:
        asked = replace(SEED, params={"ClientUins": [customer]}, key=key(uin))
        if is_customer_of(customer, uin):
            (sums,) = listed.ask(PYTHON, asked)["Data"]
            total = sum(
                micro(voucher.face)
                for voucher in seen_by(uin)
                if voucher.owner_uin == customer and voucher.state not in ("withdrawn", "killed")
            )
            assert round(sums["TotalAmount"] * 10**8) == total
        else:
            check_refused(listed, PYTHON, asked, replace(foreign(customer), params={}))


def test_the_smallest_and_the_largest_amounts_are_exact(listed: Clients) -> None:
    asked = replace(
        SEED, params={"ClientUins": [listed_book.OF_SUB]}, key=key(listed_book.DISTRIBUTOR)
    )
    (sums,) = listed.ask(PYTHON, asked)["Data"]
    assert (sums["TotalAmount"], sums["RemainAmount"]) == (1000010.00000001, 1000007.00000001)


def test_what_is_held_cant_be_spent_until_its_hold_has_lapsed(listed: Clients) -> None:
    """The sums of the seed, once more: a lapsed hold counts, one that is open does not."""
    spendable = [
        name
        for name in VARIED
        if name not in ("not begun", "used", "expired", "ended, not swept", "withdrawn", "killed")
        and name != "of the platform"
    ]
    (sums,) = listed.ask(PYTHON, SEED)["Data"]
    assert "held" in spendable
    assert sums["RemainAmount"] == 10 * len(spendable)


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
    replace(refusals.wrong_type("ClientUins.0", "1", "integer"), params={"ClientUins": ["1"]}),
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
        foreign(1),
    ]
    check_first_is_told(listed, way, SEED, faults)
