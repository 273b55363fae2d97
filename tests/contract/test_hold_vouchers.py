"""HoldVouchers: value is set aside in burn-down order, and spent by nobody else."""

from tests.contract.house import LATER, LINE, House, at, soon, token, wait_until_past
from tests.contract.house_rules import (
    ABOVE_CUSTOMERS,
    BAD_AMOUNTS,
    BAD_TEXTS,
    BAD_TIMES,
    BAD_TOKEN,
    NO_SUCH_OBJECT,
    check_callers,
    check_first_is_told,
    check_repeats,
    check_told,
    not_a_choice,
    not_a_text,
    not_a_time,
    not_an_amount,
    out_of_range,
    untimely,
)

from counterfoil.actions.counterfoil_20261121.hold_vouchers import ACTION
from counterfoil.domain import errors

BAD_AMOUNT = not_an_amount("Lines.1.Amount")


def asked(house: House, **members: object) -> dict[str, object]:
    return {
        "ClientToken": token(),
        "CustomerUin": house.customer.uin,
        "PayMode": "prePay",
        "Lines": [LINE],
        "ExpireTime": LATER,
        **members,
    }


def test_value_is_set_aside_soonest_end_first(house: House) -> None:
    later = house.voucher("100", ExpireTime="2030-12-31 23:59:59")
    sooner = house.voucher("4", ExpireTime="2030-06-30 23:59:59")
    lines = [{**LINE, "Amount": "3"}, {**LINE, "Amount": "6"}]
    held = house.do(ACTION.name, house.reseller, **asked(house, Lines=lines))
    assert held.pop("HoldId") > 0
    assert held == {
        "HeldAmount": "9",
        "Allocations": [
            {
                "VoucherId": sooner,
                "Amount": "4",
                "Lines": [
                    {"Line": 1, "Amount": "1.33333333"},
                    {"Line": 2, "Amount": "2.66666667"},
                ],
            },
            {
                "VoucherId": later,
                "Amount": "5",
                "Lines": [
                    {"Line": 1, "Amount": "1.66666667"},
                    {"Line": 2, "Amount": "3.33333333"},
                ],
            },
        ],
    }
    assert house.left(sooner) == {"held": "4"}
    assert house.left(later) == {"available": "95", "held": "5"}


def test_what_is_held_pays_nothing_else(house: House) -> None:
    voucher = house.voucher("10")
    assert house.hold("8")["HeldAmount"] == "8"
    assert house.hold("8")["HeldAmount"] == "2"
    assert house.hold("8") | {"HoldId": 0} == {"HoldId": 0, "HeldAmount": "0", "Allocations": []}
    assert house.left(voucher) == {"held": "10"}


def test_only_named_vouchers_are_held(house: House) -> None:
    first, second = house.voucher("10"), house.voucher("10")
    held = house.hold("15", VoucherIds=[second])
    assert [part["VoucherId"] for part in held["Allocations"]] == [second]
    assert (house.left(first), house.left(second)) == ({"available": "10"}, {"held": "10"})


def test_a_hold_lapses_at_its_deadline(house: House) -> None:
    voucher = house.voucher("10")
    last_second = soon()
    house.hold("8", ExpireTime=last_second)
    wait_until_past(last_second)
    assert house.hold("10")["HeldAmount"] == "10"
    assert house.left(voucher) == {"held": "10"}


def test_refusals(house: House) -> None:
    check_told(
        house,
        ACTION,
        house.reseller,
        asked(house),
        [
            *(
                (errors.OutOfRange, {"Lines": lines}, out_of_range("Lines"))
                for lines in ([], [LINE] * 1_001)
            ),
            *(
                (errors.BadAmount, {"Lines": [LINE, {**LINE, "Amount": amount}]}, BAD_AMOUNT)
                for amount in BAD_AMOUNTS
            ),
            *((errors.BadText, {"BillId": text}, not_a_text("BillId")) for text in BAD_TEXTS),
            (errors.BadChoice, {"PayMode": "prepay"}, not_a_choice("PayMode")),
            (errors.BadChoice, {"PayScene": "sale"}, not_a_choice("PayScene")),
            *((errors.BadInstant, {"PayTime": time}, not_a_time("PayTime")) for time in BAD_TIMES),
            (errors.BadInstant, {"ExpireTime": "tomorrow"}, not_a_time("ExpireTime")),
            *((errors.NotFound, members, NO_SUCH_OBJECT) for members in strangers(house)),
            (errors.Untimely, {"PayTime": at(60)}, untimely("PayTime")),
            (errors.Untimely, {"PayTime": at(-46 * 86_400)}, untimely("PayTime")),
            (
                errors.Untimely,
                {"PayTime": at(-60), "CompletionTime": at(-120)},
                untimely("CompletionTime"),
            ),
            (errors.Untimely, {"ExpireTime": at(-2)}, untimely("ExpireTime")),
        ],
    )


def strangers(house: House) -> list[dict[str, object]]:
    """What is not there, or not the caller's."""
    other = house.account("customer", house.distributor)
    return [
        {"CustomerUin": 1},
        {"CustomerUin": house.reseller.uin},
        {"CustomerUin": other.uin},
        {"VoucherIds": [1]},
        {"VoucherIds": [house.voucher(by=house.distributor, CustomerUin=other.uin)]},
        {"Lines": [LINE, {**LINE, "ProductCode": "p_unknown"}]},
        {"Lines": [{**LINE, "SubProductCode": "sp_cbs_premium"}]},
    ]


def test_the_first_fault_is_told(house: House) -> None:
    check_first_is_told(
        house,
        ACTION,
        house.reseller,
        asked(house),
        [
            (
                errors.BadAmount,
                {"Lines": [{**LINE, "Amount": "0"}]},
                not_an_amount("Lines.0.Amount"),
            ),
            (errors.BadText, {"DealName": "a\0b"}, not_a_text("DealName")),
            (errors.BadChoice, {"PayMode": "later"}, not_a_choice("PayMode")),
            (errors.BadInstant, {"ExpireTime": "never"}, not_a_time("ExpireTime")),
            (errors.BadToken, {"ClientToken": "a\nb"}, BAD_TOKEN),
            (errors.NotFound, {"CustomerUin": 1}, NO_SUCH_OBJECT),
            (errors.Untimely, {"PayTime": at(60)}, untimely("PayTime")),
        ],
    )


def test_a_hold_sent_twice_is_opened_once(house: House) -> None:
    voucher = house.voucher("100")
    good = asked(house)
    held = check_repeats(house, ACTION, house.reseller, good, {"PayMode": "postPay"})
    assert held["HeldAmount"] == "10"
    assert house.left(voucher) == {"available": "90", "held": "10"}


def test_who_may_hold(house: House) -> None:
    check_callers(house, ACTION, ABOVE_CUSTOMERS)
