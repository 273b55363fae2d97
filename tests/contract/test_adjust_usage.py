"""AdjustUsage: a bill's correction takes more from a voucher, or gives some back."""

from typing import Any

from tests.contract.house import House, token
from tests.contract.house_rules import (
    ABOVE_CUSTOMERS,
    BAD_SIGNED_AMOUNTS,
    BAD_TEXTS,
    BAD_TOKEN,
    LESS_VALUE,
    NO_SUCH_OBJECT,
    PAST_ITS_STATE,
    check_callers,
    check_first_is_told,
    check_repeats,
    check_told,
    not_a_text,
    not_an_amount,
)

from counterfoil.actions.counterfoil_20261121.adjust_usage import ACTION
from counterfoil.domain import errors


def asked(house: House, usage_id: int, amount: str, **members: object) -> dict[str, Any]:
    return {
        "ClientToken": token(),
        "CustomerUin": house.customer.uin,
        "UsageId": usage_id,
        "Amount": amount,
        **members,
    }


def adjust(house: House, usage_id: int, amount: str, **members: object) -> dict[str, Any]:
    return house.do(ACTION.name, house.reseller, **asked(house, usage_id, amount, **members))


def withdraw(house: House, voucher: int) -> None:
    ended = {"CustomerUin": house.customer.uin, "VoucherId": voucher}
    house.items("WithdrawVouchers", house.reseller, "Vouchers", [ended])


def test_more_and_less(house: House) -> None:
    voucher = house.voucher("100")
    usage_id = house.usage("10")
    more = adjust(house, usage_id, "2.5")
    assert more == {"UsageId": more["UsageId"], "AdjustedAmount": "2.5"}
    assert more["UsageId"] > usage_id
    assert house.left(voucher) == {"available": "87.5", "spent": "12.5"}
    assert adjust(house, usage_id, "-12.5")["AdjustedAmount"] == "-12.5"
    assert house.left(voucher) == {"available": "100"}


def test_an_adjustment_names_its_record_and_its_bill(house: House) -> None:
    voucher = house.voucher("100")
    usage_id = house.usage("10", BillId="bill-1")
    adjust(house, usage_id, "-4", BillId="bill-2", Reason="metered twice")
    adjust(house, usage_id, "1")
    sql = (
        "select amount_micro, from_bucket, kind, bill_id, reason, corrects_usage_id "
        "from usage where owner_uin = $1 and voucher_no = $2 and ordinal > 1 order by ordinal"
    )
    assert house.rows(sql, house.customer.uin, voucher) == [
        (4 * 10**8, "spent", "adjustment", "bill-2", "metered twice", usage_id),
        (1 * 10**8, "available", "adjustment", "bill-1", "", usage_id),
    ]


def test_less_on_a_voucher_that_ended_does_not_revive_it(house: House) -> None:
    voucher = house.voucher("100")
    usage_id = house.usage("10")
    withdraw(house, voucher)
    assert adjust(house, usage_id, "-10")["AdjustedAmount"] == "-10"
    assert house.left(voucher) == {"voided": "100"}


def test_refusals(house: House) -> None:
    ended = house.voucher("100", ExpireTime="2030-06-30 23:59:59")
    used_of_ended = house.usage("10")
    withdraw(house, ended)
    house.voucher("100")
    usage_id = house.usage("10")
    other = house.account("customer", house.distributor)
    correction = adjust(house, usage_id, "1")["UsageId"]
    check_told(
        house,
        ACTION,
        house.reseller,
        asked(house, usage_id, "-11"),
        [
            *(
                (errors.BadAmount, {"Amount": amount}, not_an_amount("Amount"))
                for amount in BAD_SIGNED_AMOUNTS
            ),
            *((errors.BadText, {"BillId": text}, not_a_text("BillId")) for text in BAD_TEXTS),
            (errors.BadText, {"Reason": "x" * 257}, not_a_text("Reason")),
            *(
                (errors.NotFound, members, NO_SUCH_OBJECT)
                for members in ({"UsageId": 0}, {"CustomerUin": 1}, {"CustomerUin": other.uin})
            ),
            (errors.NotOpen, {"UsageId": correction}, PAST_ITS_STATE),
            (errors.NotOpen, {"UsageId": used_of_ended, "Amount": "1"}, PAST_ITS_STATE),
            (errors.ValueInsufficient, {"Amount": "-11.00000001"}, LESS_VALUE),
            (errors.ValueInsufficient, {"Amount": "89.00000001"}, LESS_VALUE),
        ],
    )


def test_the_first_fault_is_told(house: House) -> None:
    house.voucher("100")
    check_first_is_told(
        house,
        ACTION,
        house.reseller,
        asked(house, house.usage("10"), "-1"),
        [
            (errors.BadAmount, {"Amount": "0"}, not_an_amount("Amount")),
            (errors.BadText, {"Reason": "x" * 257}, not_a_text("Reason")),
            (errors.BadToken, {"ClientToken": "ä"}, BAD_TOKEN),
            (errors.NotFound, {"CustomerUin": 1}, NO_SUCH_OBJECT),
            (errors.ValueInsufficient, {"Amount": "-11"}, LESS_VALUE),
        ],
    )


def test_an_adjustment_sent_twice_is_made_once(house: House) -> None:
    voucher = house.voucher("100")
    good = asked(house, house.usage("10"), "-4")
    check_repeats(house, ACTION, house.reseller, good, {"Amount": "4"})
    assert house.left(voucher) == {"available": "94", "spent": "6"}


def test_who_may_adjust(house: House) -> None:
    check_callers(house, ACTION, ABOVE_CUSTOMERS)
