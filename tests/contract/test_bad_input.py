"""Items that can't be meant, in one call with good ones: each is refused by itself with a
documented error and leaves nothing behind, and the good ones take effect."""

from collections.abc import Sequence
from typing import Any

import pytest
from tests.contract.house import LATER, LINE, House, Members, at, soon, token, wait_until_past
from tests.contract.house_rules import (
    BAD_TEXTS,
    BAD_TIMES,
    BAD_TOKEN,
    BAD_TOKENS,
    NO_QUOTA,
    NO_SUCH_OBJECT,
    TOKEN_REUSED,
    Refusal,
    not_a_choice,
    not_a_text,
    not_a_time,
    not_an_amount,
    out_of_range,
    untimely,
)

BAD_AMOUNTS = (
    "-1", "0", "-0", "0.000000000", "0.000000001", "1e30", "1E-3", "NaN", "Infinity", "1,5", "１",
    "٣", "0x10", "1_000", "+1", " 1", "1 ", ".5", "1.", "1000000.00000001", "9" * 400, "\0", "−1",
)  # fmt: skip

Case = tuple[Members, Refusal]


def check_mixed(
    house: House, action: str, name: str, good: Members, cases: Sequence[Case]
) -> list[dict[str, Any]]:
    """Sends a good item before each bad one, all in one call; the results of the good ones."""
    items = [item for bad, _ in cases for item in (good, {**good, **bad})]
    results = house.items(action, house.reseller, name, items)
    for (bad, (code, message)), result in zip(cases, results[1::2], strict=True):
        assert result == {"Error": {"Code": code, "Message": message}}, bad
    assert not [result for result in results[::2] if "Error" in result]
    return results[::2]


def test_charges(house: House) -> None:
    voucher = house.voucher("1000")
    stranger = house.account("customer", house.distributor)
    foreign = house.voucher(by=house.distributor, CustomerUin=stranger.uin)
    used = token()
    good = {"CustomerUin": house.customer.uin, "PayMode": "postPay", "Lines": [LINE]}
    house.items("ChargeVouchers", house.reseller, "Charges", [{**good, "ClientToken": used}])
    cases: list[Case] = [
        *(
            ({"Lines": [LINE, {**LINE, "Amount": amount}]}, not_an_amount("Lines.1.Amount"))
            for amount in BAD_AMOUNTS
        ),
        *(({"Lines": lines}, out_of_range("Lines")) for lines in ([], [LINE] * 1_001)),
        *(({"DealName": text}, not_a_text("DealName")) for text in BAD_TEXTS),
        *(({"PayTime": time}, not_a_time("PayTime")) for time in BAD_TIMES),
        *(({"ClientToken": bad}, BAD_TOKEN) for bad in BAD_TOKENS),
        ({"PayMode": "prepaid"}, not_a_choice("PayMode")),
        ({"PayScene": "Purchase"}, not_a_choice("PayScene")),
        ({"PayTime": at(60)}, untimely("PayTime")),
        ({"CompletionTime": at(-60)}, untimely("CompletionTime")),
        ({"VoucherIds": [voucher, foreign]}, NO_SUCH_OBJECT),
        ({"VoucherIds": [-1]}, NO_SUCH_OBJECT),
        ({"VoucherIds": [2**63 - 1]}, NO_SUCH_OBJECT),
        ({"CustomerUin": stranger.uin}, NO_SUCH_OBJECT),
        ({"CustomerUin": house.reseller.uin}, NO_SUCH_OBJECT),
        ({"CustomerUin": -(2**63)}, NO_SUCH_OBJECT),
        ({"Lines": [{**LINE, "ProductCode": "p_unknown"}]}, NO_SUCH_OBJECT),
        ({"ClientToken": used, "BillId": "another"}, TOKEN_REUSED),
    ]
    before = house.written()
    paid = check_mixed(house, "ChargeVouchers", "Charges", good, cases)
    assert [result["PaidAmount"] for result in paid] == ["10"] * len(cases)
    spent = 10 * (len(cases) + 1)
    assert house.left(voucher) == {"available": f"{1_000 - spent}", "spent": f"{spent}"}
    added = house.written() - before
    # A usage row and a token for each good one; no voucher, movement, hold or quota movement.
    assert added == dict.fromkeys(("usage", "idempotency"), len(cases))


def test_vouchers(house: House) -> None:
    used = token()
    good = {"CustomerUin": house.customer.uin, "Amount": "1", "ExpireTime": LATER}
    house.items("IssueVouchers", house.reseller, "Vouchers", [{**good, "ClientToken": used}])
    stranger = house.account("customer", house.distributor)
    cases: list[Case] = [
        *(({"Amount": amount}, not_an_amount("Amount")) for amount in BAD_AMOUNTS),
        *(({"MinSpend": amount}, not_an_amount("MinSpend")) for amount in BAD_AMOUNTS),
        *(({"Name": text}, not_a_text("Name")) for text in BAD_TEXTS),
        *(({"ExpireTime": time}, not_a_time("ExpireTime")) for time in BAD_TIMES),
        *(({"ClientToken": bad}, BAD_TOKEN) for bad in BAD_TOKENS),
        ({"Usage": "Trial"}, not_a_choice("Usage")),
        ({"PaymentMode": "Later"}, not_a_choice("PaymentMode")),
        ({"ProductScope": "None"}, not_a_choice("ProductScope")),
        ({"ExpireTime": at(-1)}, untimely("ExpireTime")),
        ({"EffectiveTime": LATER, "ExpireTime": at(60)}, untimely("ExpireTime")),
        ({"Amount": "1000000"}, NO_QUOTA),
        ({"CustomerUin": stranger.uin}, NO_SUCH_OBJECT),
        ({"CustomerUin": 0}, NO_SUCH_OBJECT),
        ({"ClientToken": used, "Amount": "2"}, TOKEN_REUSED),
    ]
    before = house.written()
    issued = check_mixed(house, "IssueVouchers", "Vouchers", good, cases)
    assert len({result["VoucherId"] for result in issued}) == len(cases)
    assert house.quota_left(house.reseller) == f"{1_000 - len(cases) - 1}"
    added = house.written() - before
    # A voucher, its movement, a movement of quota and a token for each good one.
    tables = ("voucher", "movement", "pool_movement", "idempotency")
    assert added == dict.fromkeys(tables, len(cases))


@pytest.mark.parametrize("action", ["ChargeVouchers", "IssueVouchers"])
@pytest.mark.parametrize(
    ("items", "code"),
    [
        ([], "InvalidParameterValue"),
        ("", "InvalidParameter"),
        ({}, "InvalidParameter"),
        ([None], "InvalidParameter"),
        ([[]], "InvalidParameter"),
        ([{"Bogus": 1}], "MissingParameter"),
    ],
)
def test_a_list_of_the_wrong_form_fails_the_call(
    house: House, action: str, items: Any, code: str
) -> None:
    name = {"ChargeVouchers": "Charges", "IssueVouchers": "Vouchers"}[action]
    before = house.written()
    assert house.refusal(action, house.reseller, {name: items})[0] == code
    assert house.written() == before


def test_more_than_a_thousand_items_do_nothing(house: House) -> None:
    house.voucher("1000")
    charges = [
        {
            "ClientToken": token(),
            "CustomerUin": house.customer.uin,
            "PayMode": "postPay",
            "Lines": [{**LINE, "Amount": "0.1"}],
        }
        for _ in range(1_001)
    ]
    before = house.written()
    refusal = house.refusal("ChargeVouchers", house.reseller, {"Charges": charges})
    assert refusal == out_of_range("Charges")
    assert house.written() == before
    results = house.items("ChargeVouchers", house.reseller, "Charges", charges[:1_000])
    assert {result["PaidAmount"] for result in results} == {"0.1"}


def test_one_token_twice_in_a_call(house: House) -> None:
    voucher = house.voucher("100")
    same = {"ClientToken": token(), "CustomerUin": house.customer.uin, "PayMode": "postPay"}
    charges = [{**same, "Lines": [LINE]}] * 2 + [{**same, "Lines": [LINE, LINE]}]
    first, again, other = house.items("ChargeVouchers", house.reseller, "Charges", charges)
    assert first == again
    assert (other["Error"]["Code"], other["Error"]["Message"]) == TOKEN_REUSED
    assert house.left(voucher) == {"available": "90", "spent": "10"}


def test_charges_before_the_first_second_and_after_the_last(house: House) -> None:
    charge = {"CustomerUin": house.customer.uin, "PayMode": "postPay", "Lines": [LINE]}

    def paid() -> str:
        (result,) = house.items("ChargeVouchers", house.reseller, "Charges", [charge])
        return str(result["PaidAmount"])

    end = soon()
    house.voucher("10", ExpireTime=end)
    house.voucher("10", EffectiveTime=at(3_600))
    wait_until_past(end)
    assert paid() == "0"
    house.voucher("10", EffectiveTime=at())
    assert paid() == "10"
