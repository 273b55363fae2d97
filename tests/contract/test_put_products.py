"""PutProducts: the platform fills the catalogue, and charges are for what is in it."""

from typing import Any

import pytest
from tests.contract.house import LATER, PLATFORM, House, token
from tests.contract.house_rules import (
    BAD_TEXTS,
    BAD_TOKEN,
    NO_SUCH_OBJECT,
    PLATFORM_ONLY,
    check_callers,
    check_first_is_told,
    check_repeats,
    check_told,
    not_a_text,
    out_of_range,
)

from counterfoil.actions.counterfoil_20261121.put_products import ACTION
from counterfoil.domain import errors

NOT_FOUND = {"Error": dict(zip(("Code", "Message"), NO_SUCH_OBJECT, strict=True))}


def product(code: str, sub_code: str = "", **names: str) -> dict[str, str]:
    usual = {"Name": f"{code} in English", "NameZh": f"{code}中文", "EnName": f"{code} EN"}
    codes = {"ProductCode": code} | ({"SubProductCode": sub_code} if sub_code else {})
    return codes | usual | names


def asked(*products: dict[str, str], **members: object) -> dict[str, Any]:
    return {"ClientToken": token(), "Products": list(products), **members}


def listed(house: House, code: str) -> list[dict[str, Any]]:
    """A product and its sub-products as the catalogue shows them."""
    page = house.ask("DescribeProducts", PLATFORM, Cursor=f"{code[:-1]}/", Limit=1_000)
    return [one for one in page["Products"] if one["ProductCode"] == code]


@pytest.fixture
def code() -> str:
    """A code that no other test has."""
    return f"p_{token()}"


def test_products_are_added_and_renamed(house: House, code: str) -> None:
    sub = product(code, "sp_1")
    assert house.do(ACTION.name, PLATFORM, **asked(product(code), sub)) == {"ProductCount": 2}
    assert listed(house, code) == [{**product(code), "SubProductCode": ""}, sub]
    renamed = product(code, "sp_1", Name="Standard", NameZh="标准型", EnName="Std")
    assert house.do(ACTION.name, PLATFORM, **asked(renamed)) == {"ProductCount": 1}
    assert listed(house, code) == [{**product(code), "SubProductCode": ""}, renamed]


def test_of_two_with_the_same_codes_the_last_counts(house: House, code: str) -> None:
    house.do(ACTION.name, PLATFORM, **asked(product(code, Name="One"), product(code, Name="Two")))
    assert [one["Name"] for one in listed(house, code)] == ["Two"]


def test_charges_and_holds_are_for_what_is_there(house: House, code: str) -> None:
    house.voucher("100")
    lines = [{"ProductCode": code, "SubProductCode": "sp_1", "Amount": "1"}]
    charge = {"CustomerUin": house.customer.uin, "PayMode": "postPay", "Lines": lines}

    def paid() -> Any:
        return house.items("ChargeVouchers", house.reseller, "Charges", [charge])[0]

    hold = {"ClientToken": token(), "ExpireTime": LATER, **charge}
    assert paid() == NOT_FOUND
    house.do(ACTION.name, PLATFORM, **asked(product(code)))  # without its sub-product
    assert paid() == NOT_FOUND
    assert house.refusal("HoldVouchers", house.reseller, hold) == NO_SUCH_OBJECT
    house.do(ACTION.name, PLATFORM, **asked(product(code, "sp_1")))
    assert paid()["PaidAmount"] == "1"
    assert house.send("HoldVouchers", house.reseller, hold)["HeldAmount"] == "1"


@pytest.mark.parametrize(
    "scope",
    [
        {"ProductScope": "SpecifyProducts", "ProductCodes": ["p_cvm", "?"]},
        {"ProductScope": "SpecifyProductsBlacklist", "ProductCodes": ["?"]},
        {"ExcludedProductCodes": ["?"]},
    ],
)
def test_vouchers_are_limited_to_what_is_there(
    house: House, code: str, scope: dict[str, Any]
) -> None:
    named = {
        name: [code if one == "?" else one for one in value] if isinstance(value, list) else value
        for name, value in scope.items()
    }
    voucher = {"CustomerUin": house.customer.uin, "Amount": "1", "ExpireTime": LATER, **named}

    def issued() -> Any:
        return house.items("IssueVouchers", house.reseller, "Vouchers", [voucher])[0]

    assert issued() == NOT_FOUND
    house.do(ACTION.name, PLATFORM, **asked(product(code, "sp_1")))  # without the product as such
    assert issued() == NOT_FOUND
    house.do(ACTION.name, PLATFORM, **asked(product(code)))
    assert "Error" not in issued()


def test_refusals(house: House, code: str) -> None:
    whole = product(code)
    check_told(
        house,
        ACTION,
        PLATFORM,
        asked(whole),
        [
            *(
                (errors.OutOfRange, {"Products": products}, out_of_range("Products"))
                for products in ([], [whole] * 1_001)
            ),
            *(
                (
                    errors.BadText,
                    {"Products": [whole, {**whole, "SubProductCode": "sp", name: text}]},
                    not_a_text(f"Products.1.{name}"),
                )
                for name in (*whole, "SubProductCode")
                for text in BAD_TEXTS
            ),
        ],
    )


def test_the_first_fault_is_told(house: House, code: str) -> None:
    check_first_is_told(
        house,
        ACTION,
        PLATFORM,
        asked(product(code)),
        [
            (
                errors.BadText,
                {"Products": [product("x" * 257)]},
                not_a_text("Products.0.ProductCode"),
            ),
            (errors.BadToken, {"ClientToken": "ä"}, BAD_TOKEN),
        ],
    )


def test_products_sent_twice_are_written_once(house: House, code: str) -> None:
    good = asked(product(code, Name="One"))
    check_repeats(house, ACTION, PLATFORM, good, {"Products": [product(code, Name="Two")]})
    house.do(ACTION.name, PLATFORM, **asked(product(code, Name="Three")))
    assert house.send(ACTION.name, PLATFORM, good) == {"ProductCount": 1}
    assert [one["Name"] for one in listed(house, code)] == ["Three"]


def test_who_may_call(house: House) -> None:
    check_callers(house, ACTION, PLATFORM_ONLY)
