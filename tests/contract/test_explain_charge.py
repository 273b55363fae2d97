"""ExplainCharge: what each voucher would pay of a charge, or why it would not."""

from typing import Any

from tests.contract.house import LATER, LINE, PLATFORM, House, at, soon, wait_until_past
from tests.contract.house_rules import (
    BAD_AMOUNTS,
    BAD_TEXTS,
    BAD_TIMES,
    EVERYONE,
    NO_SUCH_OBJECT,
    check_callers,
    not_a_choice,
    not_a_text,
    not_a_time,
    not_an_amount,
    out_of_range,
    untimely,
)
from tests.contract.reading import check_refusals, check_sight_of_customer

from counterfoil.actions.counterfoil_20261121.explain_charge import ACTION
from counterfoil.domain import errors

SOON = "2027-06-30 23:59:59"


def line(amount: str, product: str = "p_cvm") -> dict[str, str]:
    sub_products = {"p_cvm": "sp_cvm_s1", "p_cbs": "sp_cbs_premium"}
    return {"ProductCode": product, "SubProductCode": sub_products[product], "Amount": amount}


def charge(house: House, *lines: dict[str, str], **members: Any) -> dict[str, Any]:
    asked = {"CustomerUin": house.customer.uin, "PayMode": "postPay", "Lines": list(lines)}
    return {**asked, **members}


def explained(house: House, *lines: dict[str, str], **members: Any) -> dict[str, Any]:
    answer = house.ask(ACTION.name, house.reseller, **charge(house, *lines, **members))
    assert answer.keys() == {"PaidAmount", "UnpaidAmount", "Verdicts"}
    return answer


def reasons(answer: dict[str, Any]) -> dict[int, str]:
    """The reason for each voucher, in order."""
    return {verdict["VoucherId"]: verdict["Reason"] for verdict in answer["Verdicts"]}


def test_each_voucher_has_its_reason(house: House) -> None:
    last_second = soon()
    ended = house.voucher("10", ExpireTime=last_second)
    numbers = {
        "used": house.voucher("10", ExpireTime=SOON),
        "not_yet_valid": house.voucher("10", EffectiveTime="2029-01-01 00:00:00"),
        "ended": ended,
        "voided": house.voucher("10"),
        "empty": house.voucher("3"),
        "pay_mode": house.voucher("10", PaymentMode="Prepaid"),
        "pay_scene": house.voucher("10", PayScenes=["renew"]),
        "products": house.voucher("10", ProductScope="SpecifyProducts", ProductCodes=["p_cbs"]),
        "min_spend": house.voucher("10", MinSpend="8.00000001"),
        "nothing_left_to_pay": house.voucher("10", Priority=255),
    }
    house.usage("3", VoucherIds=[numbers["empty"]])
    withdrawn = {"CustomerUin": house.customer.uin, "VoucherId": numbers["voided"]}
    house.items("WithdrawVouchers", house.reseller, "Vouchers", [withdrawn])
    wait_until_past(last_second)
    answer = explained(house, line("5"), line("3"), PayScene="spotpay")
    assert reasons(answer) == {number: reason for reason, number in numbers.items()}
    assert (answer["PaidAmount"], answer["UnpaidAmount"]) == ("8", "0")
    for verdict in answer["Verdicts"]:
        is_used = verdict["Reason"] == "used"
        assert verdict["Amount"] == ("8" if is_used else "0")
        lines = [{"Line": 1, "Amount": "5"}, {"Line": 2, "Amount": "3"}]
        assert verdict["Lines"] == (lines if is_used else [])
    assert explained(house, line("5"), line("3"), PayScene="spotpay") == answer
    sql = "select count(*) from usage where owner_uin = $1"
    assert house.rows(sql, house.customer.uin) == [(1,)]


def test_the_charge_pays_what_was_explained(house: House) -> None:
    house.voucher("2", ExpireTime=SOON)
    house.voucher("100", ProductScope="SpecifyProducts", ProductCodes=["p_cbs"])
    house.voucher("4.00000001")
    house.hold("1.5")
    lines = [line("3.3"), line("9", "p_cbs"), line("0.1")]
    answer = explained(house, *lines)
    (paid,) = house.items("ChargeVouchers", house.reseller, "Charges", [charge(house, *lines)])
    assert answer["PaidAmount"] == paid["PaidAmount"]
    assert answer["UnpaidAmount"] == paid["UnpaidAmount"]
    used = [verdict for verdict in answer["Verdicts"] if verdict["Reason"] == "used"]
    assert [(v["VoucherId"], v["Amount"], v["Lines"]) for v in used] == [
        (a["VoucherId"], a["Amount"], a["Lines"]) for a in paid["Allocations"]
    ]
    assert len(used) == 3


def test_named_vouchers_come_first_and_in_their_order(house: House) -> None:
    numbers = [house.voucher("2") for _ in range(4)]
    answer = explained(house, line("3"), VoucherIds=[numbers[2], numbers[0]])
    assert [*reasons(answer).items()] == [
        (numbers[2], "used"),
        (numbers[0], "used"),
        (numbers[1], "not_named"),
        (numbers[3], "not_named"),
    ]
    assert [verdict["Amount"] for verdict in answer["Verdicts"]] == ["2", "1", "0", "0"]


def test_one_voucher_pays_where_the_policy_says_so(house: House) -> None:
    house.do("SetPolicies", house.reseller, PartnerUin=house.reseller.uin, BurnPolicy="cn")
    small, large = house.voucher("2"), house.voucher("9")
    answer = explained(house, line("10"))
    assert reasons(answer) == {large: "used", small: "one_voucher_only"}
    assert answer["UnpaidAmount"] == "1"


def test_what_a_lapsed_hold_gives_back_can_pay(house: House) -> None:
    voucher = house.voucher("10")
    last_second = soon()
    house.hold("10", ExpireTime=last_second)
    assert reasons(explained(house, line("1"))) == {voucher: "empty"}
    wait_until_past(last_second)
    assert explained(house, line("10"))["PaidAmount"] == "10"


def test_a_customer_without_vouchers(house: House) -> None:
    assert explained(house, line("1.25")) == {
        "PaidAmount": "0",
        "UnpaidAmount": "1.25",
        "Verdicts": [],
    }


def test_refusals(house: House) -> None:
    voucher = house.voucher("1")
    foreign = house.voucher("1", CustomerUin=house.account("customer", house.reseller).uin)
    unknown = {"ProductCode": "p_cvm", "SubProductCode": "nothing", "Amount": "1"}
    check_refusals(
        house,
        ACTION,
        charge(house, LINE, VoucherIds=[voucher]),
        [
            *(
                (errors.OutOfRange, {"Lines": n * [LINE]}, out_of_range("Lines"))
                for n in (0, 1_001)
            ),
            *(
                (errors.BadAmount, {"Lines": [line(bad)]}, not_an_amount("Lines.0.Amount"))
                for bad in BAD_AMOUNTS
            ),
            *((errors.BadText, {"BillId": bad}, not_a_text("BillId")) for bad in BAD_TEXTS),
            (errors.BadChoice, {"PayMode": "postpay"}, not_a_choice("PayMode")),
            (errors.BadChoice, {"PayScene": "sometimes"}, not_a_choice("PayScene")),
            *((errors.BadInstant, {"PayTime": bad}, not_a_time("PayTime")) for bad in BAD_TIMES),
            (errors.NotFound, {"VoucherIds": [voucher, foreign]}, NO_SUCH_OBJECT),
            (errors.NotFound, {"Lines": [unknown]}, NO_SUCH_OBJECT),
            (errors.NotFound, {"CustomerUin": 1}, NO_SUCH_OBJECT),
            (errors.Untimely, {"PayTime": at(60)}, untimely("PayTime")),
            (errors.Untimely, {"PayTime": "2026-01-01 00:00:00"}, untimely("PayTime")),
            (
                errors.Untimely,
                {"CompletionTime": "2026-01-01 00:00:00"},
                untimely("CompletionTime"),
            ),
        ],
    )


def test_a_token_is_not_taken(house: House) -> None:
    asked = charge(house, LINE, ClientToken="t")
    code, _ = house.refusal(ACTION.name, house.reseller, asked)
    assert code == "UnknownParameter"


def test_who_may_have_a_charge_explained(house: House) -> None:
    house.voucher("1", ExpireTime=LATER)
    check_sight_of_customer(house, ACTION, charge(house, LINE))
    check_callers(house, ACTION, EVERYONE)
    assert reasons(house.ask(ACTION.name, PLATFORM, **charge(house, LINE)))
