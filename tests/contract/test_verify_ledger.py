"""VerifyLedger: what doesn't hold in the books, as the wire tells it."""

from tests.contract.house import PLATFORM, House
from tests.contract.house_rules import (
    ABOVE_CUSTOMERS,
    NO_PERMISSION,
    NO_SUCH_OBJECT,
    check_callers,
)

from counterfoil.actions.counterfoil_20261121.verify_ledger import ACTION


def test_books_that_hold(house: House) -> None:
    before = house.ask(ACTION.name, PLATFORM)
    house.voucher("100")
    house.usage("10")
    house.usage("5")
    after = house.ask(ACTION.name, PLATFORM)
    assert (before["Differences"], after["Differences"]) == ([], [])
    assert after["Vouchers"] == before["Vouchers"] + 1
    assert after["Usages"] == before["Usages"] + 2


def test_one_customers_books(house: House) -> None:
    house.voucher("100")
    house.usage("10")
    holding = {"Vouchers": 1, "Usages": 1, "Differences": []}
    for by in (PLATFORM, house.reseller):
        assert house.ask(ACTION.name, by, CustomerUin=house.customer.uin) == holding
    other = house.account("customer", house.sub_reseller)
    empty = {"Vouchers": 0, "Usages": 0, "Differences": []}
    for by in (house.sub_reseller, house.distributor):
        assert house.ask(ACTION.name, by, CustomerUin=other.uin) == empty


def test_differences_say_what_and_where(house: House) -> None:
    voucher = house.voucher("100")
    house.usage("10.5")
    change = "update usage_month set amount_micro = amount_micro + $1 where owner_uin = $2"
    house.rows(change, 1, house.customer.uin)
    try:
        found = house.ask(ACTION.name, house.reseller, CustomerUin=house.customer.uin)
        assert house.ask(ACTION.name, PLATFORM)["Differences"] == found["Differences"]
    finally:
        house.rows(change, -1, house.customer.uin)
    ((month,),) = house.rows("select month from usage where owner_uin = $1", house.customer.uin)
    assert found["Differences"] == [
        {
            "Kind": "usage_month.amount",
            "OwnerUin": house.customer.uin,
            "VoucherId": voucher,
            "Place": f"month {month}",
            "Expected": "10.5",
            "Found": "10.50000001",
        }
    ]


def test_a_pools_difference_names_the_partner(house: House) -> None:
    change = "update pool set issued_count = issued_count + $1 where partner_uin = $2"
    house.rows(change, 1, house.reseller.uin)
    try:
        (difference,) = house.ask(ACTION.name, PLATFORM)["Differences"]
    finally:
        house.rows(change, -1, house.reseller.uin)
    assert difference == {
        "Kind": "pool.issued_count",
        "OwnerUin": house.reseller.uin,
        "VoucherId": None,
        "Place": "",
        "Expected": "0",
        "Found": "1",
    }


def test_only_the_platform_verifies_all(house: House) -> None:
    for by in (house.distributor, house.sub_reseller, house.reseller):
        code, _ = house.refusal(ACTION.name, by, {})
        assert code == NO_PERMISSION[0]


def test_others_customers_answer_like_none(house: House) -> None:
    for uin in (house.customer.uin, house.reseller.uin, 1, -1, 2**63 - 1):
        refusal = house.refusal(ACTION.name, house.distributor, {"CustomerUin": uin})
        assert refusal == NO_SUCH_OBJECT


def test_who_may_verify(house: House) -> None:
    check_callers(house, ACTION, ABOVE_CUSTOMERS)
