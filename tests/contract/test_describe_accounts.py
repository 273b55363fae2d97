"""DescribeAccounts: everybody sees the own tree, page by page."""

from typing import Any

import pytest
from tests.contract.house import PLATFORM, Account, House
from tests.contract.house_rules import ABOVE_CUSTOMERS, check_callers, not_a_cursor, out_of_range

from counterfoil.actions.counterfoil_20261121.describe_accounts import ACTION

BAD_CURSORS = ("x", "1.2", "1/2", " 1", "１", str(2**63), "9" * 400)


def pages(house: House, by: Account, limit: int, cursor: str = "") -> list[list[dict[str, Any]]]:
    """All pages from a place on."""
    found = []
    while True:
        page = house.ask(ACTION.name, by, Limit=limit, Cursor=cursor)
        found.append(page["Accounts"])
        cursor = page["Cursor"]
        if not cursor:
            return found


def test_a_partner_and_its_customer(house: House) -> None:
    answer = house.ask(ACTION.name, house.reseller)
    times = {
        (account.pop("CreatedTime"), account.pop("BoundTime")) for account in answer["Accounts"]
    }
    assert all(created == bound for created, bound in times)
    assert answer == {
        "Accounts": [
            {
                "Uin": house.reseller.uin,
                "Kind": "reseller",
                "ParentUin": PLATFORM.uin,
                "Name": "A house's",
                "Policies": {
                    "ReturnOnRefund": False,
                    "ReturnOnExpiry": True,
                    "ReturnOnWithdrawal": True,
                    "BurnPolicy": "intl",
                },
            },
            {
                "Uin": house.customer.uin,
                "Kind": "customer",
                "ParentUin": house.reseller.uin,
                "Name": "A house's",
                "Policies": None,
            },
        ],
        "Cursor": "",
    }


def test_each_partner_sees_its_own_tree(house: House) -> None:
    below_first = house.account("customer", house.distributor)
    below_second = house.account("customer", house.sub_reseller)
    seen = {
        house.distributor: {house.distributor, house.sub_reseller, below_first, below_second},
        house.sub_reseller: {house.sub_reseller, below_second},
        house.reseller: {house.reseller, house.customer},
    }
    for caller, accounts in seen.items():
        (page,) = pages(house, caller, 1_000)
        assert [account["Uin"] for account in page] == sorted(account.uin for account in accounts)


def test_the_platform_sees_all(house: House) -> None:
    first = min(account.uin for account in house.of_every_kind.values() if account != PLATFORM)
    seen = {a["Uin"] for page in pages(house, PLATFORM, 1_000, str(first - 1)) for a in page}
    assert {a.uin for a in house.of_every_kind.values() if a != PLATFORM} <= seen
    root = house.ask(ACTION.name, PLATFORM, Limit=1, Cursor=str(PLATFORM.uin - 1))["Accounts"][0]
    assert (root["Uin"], root["Kind"], root["ParentUin"]) == (PLATFORM.uin, "platform", None)


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_pages_show_each_account_once(house: House, limit: int) -> None:
    house.account("customer", house.sub_reseller)
    house.account("customer", house.distributor)
    (whole,) = pages(house, house.distributor, 1_000)
    parts = pages(house, house.distributor, limit)
    assert [account for page in parts for account in page] == whole
    assert {len(page) for page in parts[:-1]} == {limit}


def test_a_page_behind_the_last_is_empty(house: House) -> None:
    answer = house.ask(ACTION.name, house.reseller, Cursor=str(2**63 - 1))
    assert answer == {"Accounts": [], "Cursor": ""}


@pytest.mark.parametrize("cursor", BAD_CURSORS)
def test_cursors(house: House, cursor: str) -> None:
    refusal = house.refusal(ACTION.name, house.reseller, {"Cursor": cursor})
    assert refusal == not_a_cursor("Cursor")


@pytest.mark.parametrize("limit", [0, -1, 1_001, 2**63 - 1])
def test_limits(house: House, limit: int) -> None:
    refusal = house.refusal(ACTION.name, house.reseller, {"Limit": limit})
    assert refusal == out_of_range("Limit")


def test_who_may_call(house: House) -> None:
    check_callers(house, ACTION, ABOVE_CUSTOMERS)
