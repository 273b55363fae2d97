"""RefundUsage: value goes back where the issuer's policy lets it, never more than was taken."""

from typing import Any

from tests.contract.house import House, token
from tests.contract.house_rules import (
    ABOVE_CUSTOMERS,
    BAD_AMOUNTS,
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

from counterfoil.actions.counterfoil_20261121.refund_usage import ACTION
from counterfoil.domain import errors


def asked(house: House, usage_id: int, **members: object) -> dict[str, Any]:
    return {
        "ClientToken": token(),
        "CustomerUin": house.customer.uin,
        "UsageId": usage_id,
        **members,
    }


def refund(house: House, usage_id: int, **members: object) -> dict[str, Any]:
    return house.do(ACTION.name, house.reseller, **asked(house, usage_id, **members))


def returning_voucher(house: House) -> int:
    """A voucher of an issuer that lets refunds return."""
    house.do("SetPolicies", house.reseller, ReturnOnRefund=True)
    return house.voucher("100")


def test_a_refund_goes_back_to_the_voucher(house: House) -> None:
    voucher = returning_voucher(house)
    usage_id = house.usage("10")
    part = refund(house, usage_id, Amount="2.5", Reason="returned early")
    assert part == {"UsageId": part["UsageId"], "ReturnedAmount": "2.5"}
    assert part["UsageId"] > usage_id
    assert house.left(voucher) == {"available": "92.5", "spent": "7.5"}
    assert refund(house, usage_id)["ReturnedAmount"] == "7.5"
    assert house.left(voucher) == {"available": "100"}


def test_a_refund_is_seen_as_a_negative_record_of_this_month(house: House) -> None:
    voucher = returning_voucher(house)
    usage_id = house.usage("10", BillId="bill-1")
    refund(house, usage_id, Amount="4", Reason="why not")
    sql = (
        "select amount_micro, to_bucket, kind, bill_id, reason, corrects_usage_id "
        "from usage where owner_uin = $1 and voucher_no = $2 order by ordinal"
    )
    assert house.rows(sql, house.customer.uin, voucher) == [
        (10 * 10**8, "spent", "redeem", "bill-1", "", None),
        (4 * 10**8, "available", "refund", "bill-1", "why not", usage_id),
    ]


def test_where_nothing_may_return_nothing_moves(house: House) -> None:
    voucher = house.voucher("100")
    usage_id = house.usage("10")
    assert refund(house, usage_id) == {"UsageId": None, "ReturnedAmount": "0"}
    assert house.left(voucher) == {"available": "90", "spent": "10"}


def test_a_refund_does_not_revive_a_voucher(house: House) -> None:
    voucher = returning_voucher(house)
    usage_id = house.usage("10")
    ended = {"CustomerUin": house.customer.uin, "VoucherId": voucher}
    house.items("WithdrawVouchers", house.reseller, "Vouchers", [ended])
    assert refund(house, usage_id)["ReturnedAmount"] == "10"
    assert house.left(voucher) == {"voided": "100"}
    assert house.quota_left(house.reseller) == "1000"


def test_refusals(house: House) -> None:
    returning_voucher(house)
    usage_id, all_returned = house.usage("10"), house.usage("10")
    other = house.account("customer", house.distributor)
    correction = refund(house, all_returned)["UsageId"]
    refund(house, usage_id, Amount="4")
    check_told(
        house,
        ACTION,
        house.reseller,
        asked(house, usage_id),
        [
            *(
                (errors.BadAmount, {"Amount": amount}, not_an_amount("Amount"))
                for amount in (*BAD_AMOUNTS, "")
            ),
            *((errors.BadText, {"Reason": text}, not_a_text("Reason")) for text in BAD_TEXTS),
            *(
                (errors.NotFound, members, NO_SUCH_OBJECT)
                for members in ({"UsageId": 0}, {"CustomerUin": 1}, {"CustomerUin": other.uin})
            ),
            (errors.NotOpen, {"UsageId": correction}, PAST_ITS_STATE),
            (errors.ValueInsufficient, {"Amount": "6.00000001"}, LESS_VALUE),
            (errors.ValueInsufficient, {"UsageId": all_returned}, LESS_VALUE),
        ],
    )


def test_the_first_fault_is_told(house: House) -> None:
    returning_voucher(house)
    check_first_is_told(
        house,
        ACTION,
        house.reseller,
        asked(house, house.usage("10")),
        [
            (errors.BadAmount, {"Amount": "0"}, not_an_amount("Amount")),
            (errors.BadText, {"Reason": "x" * 257}, not_a_text("Reason")),
            (errors.BadToken, {"ClientToken": "ä"}, BAD_TOKEN),
            (errors.NotFound, {"CustomerUin": 1}, NO_SUCH_OBJECT),
            (errors.ValueInsufficient, {"Amount": "11"}, LESS_VALUE),
        ],
    )


def test_a_refund_sent_twice_returns_once(house: House) -> None:
    voucher = returning_voucher(house)
    good = asked(house, house.usage("10"), Amount="4")
    check_repeats(house, ACTION, house.reseller, good, {"Amount": "5"})
    assert house.left(voucher) == {"available": "94", "spent": "6"}


def test_a_refund_of_nothing_is_remembered_too(house: House) -> None:
    house.voucher("100")
    good = asked(house, house.usage("10"), Amount="4")
    refunded = check_repeats(house, ACTION, house.reseller, good, {"Amount": "5"})
    assert refunded == {"UsageId": None, "ReturnedAmount": "0"}


def test_who_may_refund(house: House) -> None:
    check_callers(house, ACTION, ABOVE_CUSTOMERS)
