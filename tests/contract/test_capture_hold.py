"""CaptureHold: what was set aside is spent, once, in burn-down order."""

from tests.contract.house import LINE, House, at, soon, token, wait_until_past
from tests.contract.house_rules import (
    ABOVE_CUSTOMERS,
    BAD_AMOUNTS,
    BAD_TIMES,
    BAD_TOKEN,
    LESS_VALUE,
    NO_SUCH_OBJECT,
    PAST_ITS_STATE,
    check_callers,
    check_first_is_told,
    check_repeats,
    check_told,
    not_a_time,
    not_an_amount,
    untimely,
)

from counterfoil.actions.counterfoil_20261121.capture_hold import ACTION
from counterfoil.domain import errors


def asked(house: House, hold_id: int, **members: object) -> dict[str, object]:
    return {
        "ClientToken": token(),
        "CustomerUin": house.customer.uin,
        "HoldId": hold_id,
        **members,
    }


def test_all_of_a_hold_is_spent(house: House) -> None:
    voucher = house.voucher("100")
    hold = house.hold("10", Lines=[{**LINE, "Amount": "10"}, {**LINE, "Amount": "95"}])
    captured = house.do(ACTION.name, house.reseller, **asked(house, hold["HoldId"]))
    (allocation,) = captured.pop("Allocations")
    assert captured == {"PaidAmount": "100", "UnpaidAmount": "5"}
    assert allocation.pop("UsageId") > 0
    assert allocation == {
        "VoucherId": voucher,
        "Amount": "100",
        "Lines": [{"Line": 1, "Amount": "9.52380952"}, {"Line": 2, "Amount": "90.47619048"}],
    }
    assert house.left(voucher) == {"spent": "100"}


def test_a_part_is_taken_from_the_first_and_the_rest_goes_back(house: House) -> None:
    first = house.voucher("4", ExpireTime="2030-06-30 23:59:59")
    second = house.voucher("100")
    hold = house.hold("10")
    captured = house.do(ACTION.name, house.reseller, **asked(house, hold["HoldId"], Amount="5.5"))
    assert [(a["VoucherId"], a["Amount"]) for a in captured["Allocations"]] == [
        (first, "4"),
        (second, "1.5"),
    ]
    assert (captured["PaidAmount"], captured["UnpaidAmount"]) == ("5.5", "4.5")
    assert house.left(first) == {"spent": "4"}
    assert house.left(second) == {"available": "98.5", "spent": "1.5"}


def test_a_hold_on_a_voucher_that_was_withdrawn_can_be_captured(house: House) -> None:
    voucher = house.voucher("100")
    hold = house.hold("10")
    ended = {"CustomerUin": house.customer.uin, "VoucherId": voucher}
    house.items("WithdrawVouchers", house.reseller, "Vouchers", [ended])
    captured = house.do(ACTION.name, house.reseller, **asked(house, hold["HoldId"], Amount="4"))
    assert captured["PaidAmount"] == "4"
    assert house.left(voucher) == {"spent": "4", "voided": "96"}


def test_refusals(house: House) -> None:
    house.voucher("100")
    other = house.account("customer", house.distributor)
    open_hold = house.hold("10")["HoldId"]
    captured, released = house.hold("10")["HoldId"], house.hold("10")["HoldId"]
    house.do(ACTION.name, house.reseller, **asked(house, captured))
    house.do("ReleaseHold", house.reseller, **asked(house, released))
    last_second = soon()
    lapsed = house.hold("10", ExpireTime=last_second)["HoldId"]
    wait_until_past(last_second)
    house.usage("1")  # what is due is posted with the next write, whatever that is
    check_told(
        house,
        ACTION,
        house.reseller,
        asked(house, open_hold),
        [
            *(
                (errors.BadAmount, {"Amount": amount}, not_an_amount("Amount"))
                for amount in (*BAD_AMOUNTS, "")
            ),
            *(
                (errors.BadInstant, {"CompletionTime": time}, not_a_time("CompletionTime"))
                for time in BAD_TIMES
            ),
            *(
                (errors.NotFound, members, NO_SUCH_OBJECT)
                for members in ({"HoldId": 0}, {"CustomerUin": 1}, {"CustomerUin": other.uin})
            ),
            *(
                (errors.NotOpen, {"HoldId": hold_id}, PAST_ITS_STATE)
                for hold_id in (captured, released, lapsed)
            ),
            (errors.Untimely, {"CompletionTime": at(-60)}, untimely("CompletionTime")),
            (errors.ValueInsufficient, {"Amount": "10.00000001"}, LESS_VALUE),
        ],
    )


def test_the_first_fault_is_told(house: House) -> None:
    house.voucher("100")
    hold_id = house.hold("10")["HoldId"]
    check_first_is_told(
        house,
        ACTION,
        house.reseller,
        asked(house, hold_id),
        [
            (errors.BadAmount, {"Amount": "-1"}, not_an_amount("Amount")),
            (errors.BadInstant, {"CompletionTime": "soon"}, not_a_time("CompletionTime")),
            (errors.BadToken, {"ClientToken": "ä"}, BAD_TOKEN),
            (errors.NotFound, {"CustomerUin": 1}, NO_SUCH_OBJECT),
            (errors.Untimely, {"CompletionTime": at(-60)}, untimely("CompletionTime")),
            (errors.ValueInsufficient, {"Amount": "11"}, LESS_VALUE),
        ],
    )


def test_a_capture_sent_twice_spends_once(house: House) -> None:
    voucher = house.voucher("100")
    good = asked(house, house.hold("10")["HoldId"], Amount="4")
    captured = check_repeats(house, ACTION, house.reseller, good, {"Amount": "5"})
    assert captured["PaidAmount"] == "4"
    assert house.left(voucher) == {"available": "96", "spent": "4"}


def test_who_may_capture(house: House) -> None:
    check_callers(house, ACTION, ABOVE_CUSTOMERS)
