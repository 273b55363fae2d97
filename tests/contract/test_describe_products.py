"""DescribeProducts: the catalogue, page by page, for everybody."""

from typing import Any

import pytest
from tests.contract.house import PLATFORM, House, token
from tests.contract.house_rules import EVERYONE, check_callers, not_a_cursor, out_of_range

from counterfoil.actions.counterfoil_20261121.describe_products import ACTION

# The sample's, as it is published.
CVM = {
    "ProductCode": "p_cvm",
    "SubProductCode": "",
    "Name": "Cloud Virtual Machine (CVM)",
    "NameZh": "云服务器CVM",
    "EnName": "Cloud Virtual Machine(CVM)",
}
CVM_S1 = {
    "ProductCode": "p_cvm",
    "SubProductCode": "sp_cvm_s1",
    "Name": "Cloud Virtual Machine (CVM)-standard type S1",
    "NameZh": "云服务器CVM-标准型S1",
    "EnName": "CVM Standard S1",
}


def ask(house: House, **members: object) -> dict[str, Any]:
    return house.ask(ACTION.name, house.customer, **members)


def test_a_product_and_its_sub_product(house: House) -> None:
    page = ask(house, Cursor="p_cvl/", Limit=2)
    assert page["Products"] == [CVM, CVM_S1]
    assert ask(house, Cursor="p_cvm/", Limit=1)["Products"] == [CVM_S1]
    last = ask(house, Cursor="p_cvm/sp_cvm_s1", Limit=1_000)
    assert "p_cvm" not in {one["ProductCode"] for one in last["Products"]}


@pytest.mark.parametrize("limit", [1, 2, 5])
def test_pages_show_each_product_once(house: House, limit: int) -> None:
    whole = ask(house, Limit=1_000)
    assert whole["Cursor"] == ""
    seen: list[dict[str, Any]] = []
    cursor: str | None = None
    while cursor != "":
        page = ask(house, Limit=limit, Cursor=cursor)
        assert len(page["Products"]) == limit or not page["Cursor"]
        seen += page["Products"]
        cursor = page["Cursor"]
    assert seen == whole["Products"]


def test_codes_may_hold_anything(house: House) -> None:
    names = {"Name": "x", "NameZh": "x", "EnName": "x"}
    codes = [f"{token()} {odd}" for odd in ("/", "a/b", "%2F", "产品", "%", "..")]
    products = [{"ProductCode": code, "SubProductCode": code, **names} for code in codes]
    house.do("PutProducts", PLATFORM, Products=products)
    seen: list[str] = []
    cursor: str | None = None
    while cursor != "":
        page = ask(house, Limit=1, Cursor=cursor)
        seen += [one["SubProductCode"] for one in page["Products"]]
        cursor = page["Cursor"]
    assert [seen.count(code) for code in codes] == [1] * len(codes)


def test_a_page_behind_the_last_is_empty(house: House) -> None:
    assert ask(house, Cursor=f"{'~' * 256}/") == {"Products": [], "Cursor": ""}


@pytest.mark.parametrize("cursor", ["p_cvm", "a/b/c", "a\0/b", "a/%00", "/" * 300])
def test_cursors(house: House, cursor: str) -> None:
    refusal = house.refusal(ACTION.name, house.customer, {"Cursor": cursor})
    assert refusal == not_a_cursor("Cursor")


@pytest.mark.parametrize("limit", [0, -1, 1_001, 2**63 - 1])
def test_limits(house: House, limit: int) -> None:
    refusal = house.refusal(ACTION.name, house.customer, {"Limit": limit})
    assert refusal == out_of_range("Limit")


def test_who_may_call(house: House) -> None:
    check_callers(house, ACTION, EVERYONE)
