"""DescribeVouchers: a customer's vouchers as they are now."""

from typing import Any

from tests.contract.house import LATER, PLATFORM, House, at, soon, wait_until_past
from tests.contract.house_rules import (
    EVERYONE,
    NO_SUCH_OBJECT,
    check_callers,
    not_a_choice,
    out_of_range,
)
from tests.contract.reading import (
    BAD_CURSOR,
    check_refusals,
    check_sight_of_customer,
    pages,
)

from counterfoil.actions.counterfoil_20261121.describe_vouchers import ACTION
from counterfoil.domain import errors

STATES = ("usable", "issued", "used", "expired", "withdrawn", "killed")


def described(house: House, **members: Any) -> list[Any]:
    answer = house.ask(ACTION.name, house.reseller, CustomerUin=house.customer.uin, **members)
    assert answer.keys() == {"Vouchers", "Cursor"}
    return list(answer["Vouchers"])


def balance(**amounts: str) -> dict[str, str]:
    names = ("Available", "Held", "Spent", "Expired", "Voided")
    return {f"{name}Amount": amounts.get(name.lower(), "0") for name in names}


def test_everything_that_was_issued_is_told(house: House) -> None:
    voucher = house.voucher(
        "12.5",
        EffectiveTime="2026-01-01 00:00:00",
        PaymentMode="Prepaid",
        PayScenes=["renew", "purchase"],
        ProductScope="SpecifyProducts",
        ProductCodes=["p_cvm", "p_cbs"],
        ExcludedProductCodes=["cvm"],
        MinSpend="0.5",
        Priority=7,
        Name="A name",
        ApplyReason="A reason",
        ActivityId="activity-1",
        CodeId="order-1",
        MainType="has_price",
        SubType="discount",
        PolicyRemark="A remark",
    )
    (told,) = described(house)
    code, issued_at = told.pop("VoucherCode"), told.pop("IssuedTime")
    assert len(code) == 22
    assert issued_at <= at()
    assert told == {
        "VoucherId": voucher,
        "State": "usable",
        "FaceAmount": "12.5",
        "Balance": balance(available="12.5"),
        "RecordCount": 0,
        "EffectiveTime": "2026-01-01 00:00:00",
        "ExpireTime": LATER,
        "IssuerUin": house.reseller.uin,
        "FunderUin": house.reseller.uin,
        "PaymentMode": "Prepaid",
        "PayScenes": ["purchase", "renew"],
        "ProductScope": "SpecifyProducts",
        "ProductCodes": ["p_cbs", "p_cvm"],
        "ExcludedProductCodes": ["cvm"],
        "MinSpend": "0.5",
        "Priority": 7,
        "ReturnOnRefund": False,
        "ReturnOnExpiry": True,
        "ReturnOnWithdrawal": True,
        "Usage": "CustomerOffer",
        "Name": "A name",
        "ApplyReason": "A reason",
        "ActivityId": "activity-1",
        "CodeId": "order-1",
        "MainType": "has_price",
        "SubType": "discount",
        "PolicyRemark": "A remark",
        "VoidedTime": None,
        "VoidReason": "",
    }


def test_what_the_platform_pays_has_no_funder(house: House) -> None:
    house.voucher("5", by=PLATFORM, Usage="ProductTrial")
    (told,) = described(house)
    assert (told["IssuerUin"], told["FunderUin"], told["Usage"]) == (
        PLATFORM.uin,
        None,
        "ProductTrial",
    )


def test_buckets_follow_what_happened(house: House) -> None:
    voucher = house.voucher("100")
    house.usage("10.00000001")
    house.hold("20")
    ended = {"CustomerUin": house.customer.uin, "VoucherId": voucher, "Reason": "mistake"}
    house.items("WithdrawVouchers", house.reseller, "Vouchers", [ended])
    (told,) = described(house)
    assert told["Balance"] == balance(held="20", spent="10.00000001", voided="69.99999999")
    assert (told["State"], told["RecordCount"], told["VoidReason"]) == ("withdrawn", 1, "mistake")
    assert told["VoidedTime"] <= at()


def in_every_state(house: House) -> dict[str, int]:
    """A voucher in each state; the one that has expired has just done so."""
    last_second = soon()
    expired = house.voucher("10", ExpireTime=last_second)
    numbers = {
        "usable": house.voucher("10", ExpireTime="2031-01-01 00:00:00"),
        "issued": house.voucher("10", EffectiveTime="2029-01-01 00:00:00"),
        "used": house.voucher("3"),
        "expired": expired,
        "withdrawn": house.voucher("10"),
        "killed": house.voucher("10"),
    }
    for state, action, by in (
        ("withdrawn", "WithdrawVouchers", house.reseller),
        ("killed", "InvalidateVouchers", PLATFORM),
    ):
        ended = {"CustomerUin": house.customer.uin, "VoucherId": numbers[state]}
        house.items(action, by, "Vouchers", [ended])
    house.usage("3", VoucherIds=[numbers["used"]])
    wait_until_past(last_second)
    return numbers


def test_states_are_told_and_filtered(house: House) -> None:
    numbers = in_every_state(house)
    states = {told["VoucherId"]: told["State"] for told in described(house)}
    assert states == {number: state for state, number in numbers.items()}
    for state in STATES:
        assert [told["VoucherId"] for told in described(house, State=state)] == [numbers[state]]
    both = [numbers["usable"], numbers["expired"]]
    (told,) = described(house, State="expired", VoucherIds=both)
    assert told["VoucherId"] == numbers["expired"]
    assert told["Balance"] == balance(expired="10")


def test_numbers_pick_vouchers(house: House) -> None:
    numbers = [house.voucher("1") for _ in range(3)]
    other = house.account("customer", house.reseller)
    foreign = house.voucher("1", CustomerUin=other.uin)
    asked = [numbers[0], numbers[2], foreign, 0, -1, 2**63 - 1, numbers[0]]
    told = described(house, VoucherIds=asked)
    assert [voucher["VoucherId"] for voucher in told] == [numbers[2], numbers[0]]
    assert len(described(house, VoucherIds=[])) == 3


def test_pages_show_each_voucher_once(house: House) -> None:
    numbers = [house.voucher("1") for _ in range(6)]
    asked = {"CustomerUin": house.customer.uin, "Limit": 2}
    found = pages(house, ACTION, "Vouchers", **asked)
    assert [[told["VoucherId"] for told in page] for page in found] == [
        numbers[5:3:-1],
        numbers[3:1:-1],
        numbers[1::-1],
    ]
    picked = pages(house, ACTION, "Vouchers", **asked, VoucherIds=numbers[:3], State="usable")
    assert [[told["VoucherId"] for told in page] for page in picked] == [
        numbers[2:0:-1],
        numbers[:1],
    ]


def test_a_voucher_issued_meanwhile_moves_no_page(house: House) -> None:
    numbers = [house.voucher("1") for _ in range(3)]
    asked = {"CustomerUin": house.customer.uin, "Limit": 2}
    first = house.ask(ACTION.name, house.reseller, **asked)
    house.voucher("1")
    second = house.ask(ACTION.name, house.reseller, **asked, Cursor=first["Cursor"])
    assert [told["VoucherId"] for told in second["Vouchers"]] == [numbers[0]]
    assert second["Cursor"] == ""


def test_a_page_has_a_hundred_unless_more_are_asked_for(house: House) -> None:
    asked = {"CustomerUin": house.customer.uin, "Amount": "1", "ExpireTime": LATER}
    house.items("IssueVouchers", house.reseller, "Vouchers", [asked] * 150)
    assert len(described(house)) == 100
    assert len(described(house, Limit=1_000)) == 150


def test_a_customer_without_vouchers_has_an_empty_page(house: House) -> None:
    assert house.ask(ACTION.name, house.customer, CustomerUin=house.customer.uin) == {
        "Vouchers": [],
        "Cursor": "",
    }


def test_refusals(house: House) -> None:
    house.voucher("1")
    check_refusals(
        house,
        ACTION,
        {"CustomerUin": house.customer.uin},
        [
            *(
                (errors.OutOfRange, {"Limit": limit}, out_of_range("Limit"))
                for limit in (0, -1, 1_001, 2**62)
            ),
            (errors.OutOfRange, {"VoucherIds": [1] * 1_001}, out_of_range("VoucherIds")),
            (errors.BadChoice, {"State": "Used"}, not_a_choice("State")),
            *(
                (errors.BadCursor, {"Cursor": cursor}, BAD_CURSOR)
                for cursor in ("x", "1.2", " 1", "1.", "٣", "9" * 19, "9" * 5_000)
            ),
            (errors.NotFound, {"CustomerUin": 1}, NO_SUCH_OBJECT),
        ],
    )


def test_who_sees_a_customers_vouchers(house: House) -> None:
    house.voucher("1")
    check_sight_of_customer(house, ACTION, {"CustomerUin": house.customer.uin})
    check_callers(house, ACTION, EVERYONE)
