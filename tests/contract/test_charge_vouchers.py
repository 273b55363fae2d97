"""ChargeVouchers: bills are paid from the vouchers that may pay them, each charge by itself."""

from typing import Any

from tests.contract.house import LATER, LINE, House, OneItem, at, token
from tests.contract.house_rules import (
    ABOVE_CUSTOMERS,
    BAD_AMOUNTS,
    BAD_TEXTS,
    BAD_TIMES,
    BAD_TOKEN,
    NO_SUCH_OBJECT,
    check_callers,
    check_first_is_told,
    check_length,
    check_repeats,
    check_told,
    not_a_choice,
    not_a_text,
    not_a_time,
    not_an_amount,
    out_of_range,
    untimely,
)

from counterfoil.actions.counterfoil_20261121.charge_vouchers import ACTION
from counterfoil.domain import errors

SOON = "2030-06-30 23:59:59"


def asked(house: House, **members: object) -> dict[str, Any]:
    return {
        "ClientToken": token(),
        "CustomerUin": house.customer.uin,
        "PayMode": "postPay",
        "Lines": [LINE],
        **members,
    }


def charge(house: House, **members: object) -> dict[str, Any]:
    """The result of one charge."""
    (result,) = house.items(ACTION.name, house.reseller, "Charges", [asked(house, **members)])
    return dict(result)


def test_the_soonest_end_pays_first_and_the_rest_stays_unpaid(house: House) -> None:
    later, sooner = house.voucher("5", ExpireTime=LATER), house.voucher("4", ExpireTime=SOON)
    lines = [{**LINE, "Amount": "3"}, {**LINE, "Amount": "9"}]
    result = charge(house, Lines=lines)
    usage_ids = [allocation.pop("UsageId") for allocation in result["Allocations"]]
    assert usage_ids == sorted(set(usage_ids))
    assert result == {
        "PaidAmount": "9",
        "UnpaidAmount": "3",
        "Allocations": [
            {
                "VoucherId": sooner,
                "Amount": "4",
                "Lines": [{"Line": 1, "Amount": "1"}, {"Line": 2, "Amount": "3"}],
            },
            {
                "VoucherId": later,
                "Amount": "5",
                "Lines": [{"Line": 1, "Amount": "1.25"}, {"Line": 2, "Amount": "3.75"}],
            },
        ],
    }
    assert (house.left(sooner), house.left(later)) == ({"spent": "4"}, {"spent": "5"})


def test_named_vouchers_pay_in_the_order_named(house: House) -> None:
    first, second, third = (house.voucher("4") for _ in range(3))
    result = charge(house, VoucherIds=[third, first, third])
    paid = [(one["VoucherId"], one["Amount"]) for one in result["Allocations"]]
    assert paid == [(third, "4"), (first, "4")]
    assert house.left(second) == {"available": "4"}


def test_what_can_not_pay_is_no_error(house: House) -> None:
    house.voucher("10", PaymentMode="Prepaid")
    house.voucher("10", PayScenes=["purchase"])
    house.voucher("10", ProductScope="SpecifyProducts", ProductCodes=["p_cbs"])
    house.voucher("10", ExcludedProductCodes=["p_cvm"])
    house.voucher("10", MinSpend="10.00000001")
    house.voucher("10", EffectiveTime=at(3_600))
    nothing = {"PaidAmount": "0", "UnpaidAmount": "10", "Allocations": []}
    assert charge(house) == nothing
    assert charge(house, PayMode="prePay", PayScene="purchase")["PaidAmount"] == "10"


def test_charges_of_one_call_are_paid_one_after_the_other(house: House) -> None:
    house.voucher("15")
    charges = [asked(house), asked(house, CustomerUin=1), asked(house)]
    first, stranger, second = house.items(ACTION.name, house.reseller, "Charges", charges)
    code, message = NO_SUCH_OBJECT
    assert stranger == {"Error": {"Code": code, "Message": message}}
    assert (first["PaidAmount"], second["PaidAmount"]) == ("10", "5")


def test_every_account_above_the_customer_may_charge(house: House) -> None:
    customer = house.account("customer", house.sub_reseller)
    house.voucher("100", by=house.sub_reseller, CustomerUin=customer.uin)
    for by in (house.sub_reseller, house.distributor, house.of_every_kind["platform"]):
        item = asked(house, CustomerUin=customer.uin)
        (result,) = house.items(ACTION.name, by, "Charges", [item])
        assert result["PaidAmount"] == "10"


def test_refusals(house: House) -> None:
    other = house.account("customer", house.distributor)
    foreign = house.voucher(by=house.distributor, CustomerUin=other.uin)
    second_line = not_an_amount("Lines.1.Amount")
    check_told(
        OneItem(house, "Charges"),
        ACTION,
        house.reseller,
        asked(house),
        [
            *(
                (errors.BadAmount, {"Lines": [LINE, {**LINE, "Amount": amount}]}, second_line)
                for amount in BAD_AMOUNTS
            ),
            *((errors.BadText, {"DealName": text}, not_a_text("DealName")) for text in BAD_TEXTS),
            *(
                (
                    errors.BadText,
                    {"Lines": [{**LINE, name: "x" * 257}]},
                    not_a_text(f"Lines.0.{name}"),
                )
                for name in ("ProductCode", "SubProductCode", "BillingItemCode", "Action")
            ),
            (errors.BadChoice, {"PayMode": "all"}, not_a_choice("PayMode")),
            (errors.BadChoice, {"PayScene": "*"}, not_a_choice("PayScene")),
            *((errors.BadInstant, {"PayTime": time}, not_a_time("PayTime")) for time in BAD_TIMES),
            *(
                (errors.NotFound, members, NO_SUCH_OBJECT)
                for members in (
                    {"CustomerUin": 1},
                    {"CustomerUin": other.uin},
                    {"CustomerUin": house.reseller.uin},
                    {"VoucherIds": [foreign]},
                    {"Lines": [{**LINE, "SubProductCode": "sp_unknown"}]},
                )
            ),
            (errors.Untimely, {"PayTime": at(60)}, untimely("PayTime")),
            (errors.Untimely, {"PayTime": at(-45 * 86_400 - 60)}, untimely("PayTime")),
            (
                errors.Untimely,
                {"PayTime": at(-60), "CompletionTime": at(-61)},
                untimely("CompletionTime"),
            ),
        ],
    )
    check_length(house, ACTION, house.reseller, "Charges")
    for lines in ([], [LINE] * 1_001):
        refusal = OneItem(house, "Charges").refusal(
            ACTION.name, house.reseller, asked(house, Lines=lines)
        )
        assert refusal == out_of_range("Lines")


def test_the_first_fault_is_told(house: House) -> None:
    check_first_is_told(
        OneItem(house, "Charges"),
        ACTION,
        house.reseller,
        asked(house),
        [
            (
                errors.BadAmount,
                {"Lines": [{**LINE, "Amount": "0"}]},
                not_an_amount("Lines.0.Amount"),
            ),
            (errors.BadText, {"BillId": "a\0b"}, not_a_text("BillId")),
            (errors.BadChoice, {"PayMode": "later"}, not_a_choice("PayMode")),
            (errors.BadInstant, {"CompletionTime": "now"}, not_a_time("CompletionTime")),
            (errors.BadToken, {"ClientToken": "a\nb"}, BAD_TOKEN),
            (errors.NotFound, {"VoucherIds": [1]}, NO_SUCH_OBJECT),
            (errors.Untimely, {"PayTime": at(60)}, untimely("PayTime")),
        ],
    )


def test_a_charge_sent_twice_pays_once(house: House) -> None:
    voucher = house.voucher("100")
    one_item = OneItem(house, "Charges")
    good = asked(house)
    paid = check_repeats(one_item, ACTION, house.reseller, good, {"BillId": "another"})
    assert paid["PaidAmount"] == "10"
    assert house.left(voucher) == {"available": "90", "spent": "10"}
    house.usage("5")
    assert one_item.send(ACTION.name, house.reseller, good) == paid


def test_a_retried_call_does_what_is_missing(house: House) -> None:
    voucher = house.voucher("100")
    charges = [asked(house) for _ in range(3)]
    house.items(ACTION.name, house.reseller, "Charges", charges[:2])
    results = house.items(ACTION.name, house.reseller, "Charges", charges)
    assert [result["PaidAmount"] for result in results] == ["10"] * 3
    assert house.left(voucher) == {"available": "70", "spent": "30"}


def test_who_may_charge(house: House) -> None:
    check_callers(house, ACTION, ABOVE_CUSTOMERS)
