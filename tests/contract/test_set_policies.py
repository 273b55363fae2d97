"""SetPolicies: what a partner's vouchers return from now on, and how its customers' burn."""

from typing import Any

from tests.contract.house import LATER, LINE, PLATFORM, House, token
from tests.contract.house_rules import (
    ABOVE_CUSTOMERS,
    BAD_TOKEN,
    NO_SUCH_OBJECT,
    check_callers,
    check_first_is_told,
    check_repeats,
    check_told,
    not_a_choice,
)

from counterfoil.actions.counterfoil_20261121.set_policies import ACTION
from counterfoil.domain import errors

AT_FIRST = {
    "ReturnOnRefund": False,
    "ReturnOnExpiry": True,
    "ReturnOnWithdrawal": True,
    "BurnPolicy": "intl",
}


def asked(**members: object) -> dict[str, Any]:
    return {"ClientToken": token(), **members}


def test_only_what_is_sent_changes(house: House) -> None:
    assert house.do(ACTION.name, house.reseller) == AT_FIRST
    changed = house.do(ACTION.name, house.reseller, ReturnOnRefund=True, BurnPolicy="cn")
    assert changed == AT_FIRST | {"ReturnOnRefund": True, "BurnPolicy": "cn"}
    changed = house.do(ACTION.name, house.reseller, ReturnOnExpiry=False, ReturnOnWithdrawal=False)
    assert changed == dict.fromkeys(AT_FIRST, False) | {"ReturnOnRefund": True, "BurnPolicy": "cn"}
    page = house.ask("DescribeAccounts", house.reseller)["Accounts"]
    assert page[0]["Policies"] == changed


def test_returns_hold_for_what_is_issued_from_now_on(house: House) -> None:
    def refunded(voucher: int) -> str:
        usage_id = house.usage("10", VoucherIds=[voucher])
        refund = {"CustomerUin": house.customer.uin, "UsageId": usage_id}
        return str(house.do("RefundUsage", house.reseller, **refund)["ReturnedAmount"])

    before = house.voucher("100")
    house.do(ACTION.name, house.reseller, ReturnOnRefund=True)
    after = house.voucher("100")
    assert (refunded(before), refunded(after)) == ("0", "10")


def test_the_burn_policy_holds_at_once_for_the_whole_tree(house: House) -> None:
    customer = house.account("customer", house.sub_reseller)
    for _ in range(2):
        house.voucher("4", by=house.sub_reseller, CustomerUin=customer.uin)
    charge = {"CustomerUin": customer.uin, "PayMode": "postPay", "Lines": [LINE]}
    house.do(ACTION.name, house.distributor, BurnPolicy="cn")
    hold = house.do("HoldVouchers", house.distributor, ExpireTime=LATER, **charge)
    assert hold["HeldAmount"] == "4"  # one voucher alone
    house.do("ReleaseHold", house.distributor, CustomerUin=customer.uin, HoldId=hold["HoldId"])
    house.do(ACTION.name, house.distributor, BurnPolicy="intl")
    (paid,) = house.items("ChargeVouchers", house.distributor, "Charges", [charge])
    assert paid["PaidAmount"] == "8"


def test_whose_policies_may_be_set(house: House) -> None:
    for by, partner in (
        (house.distributor, house.sub_reseller),
        (PLATFORM, house.sub_reseller),
        (PLATFORM, house.reseller),
    ):
        house.do(ACTION.name, by, PartnerUin=partner.uin)
    for by, partner in (
        (house.distributor, house.reseller),
        (house.sub_reseller, house.distributor),
        (house.reseller, PLATFORM),
    ):
        members = asked(PartnerUin=partner.uin)
        assert house.refusal(ACTION.name, by, members) == NO_SUCH_OBJECT


def test_refusals(house: House) -> None:
    check_told(
        house,
        ACTION,
        house.reseller,
        asked(),
        [
            (errors.BadChoice, {"BurnPolicy": "CN"}, not_a_choice("BurnPolicy")),
            *(
                (errors.NotFound, {"PartnerUin": uin}, NO_SUCH_OBJECT)
                for uin in (0, house.customer.uin, house.distributor.uin)
            ),
        ],
    )


def test_the_first_fault_is_told(house: House) -> None:
    check_first_is_told(
        house,
        ACTION,
        house.reseller,
        asked(),
        [
            (errors.BadChoice, {"BurnPolicy": "fifo"}, not_a_choice("BurnPolicy")),
            (errors.BadToken, {"ClientToken": "ä"}, BAD_TOKEN),
            (errors.NotFound, {"PartnerUin": 1}, NO_SUCH_OBJECT),
        ],
    )


def test_policies_sent_twice_are_set_once(house: House) -> None:
    good = asked(BurnPolicy="cn")
    check_repeats(house, ACTION, house.reseller, good, {"BurnPolicy": "intl"})
    house.do(ACTION.name, house.reseller, BurnPolicy="intl")
    again = house.send(ACTION.name, house.reseller, good)
    assert again == AT_FIRST | {"BurnPolicy": "cn"}  # as it was answered then
    assert house.do(ACTION.name, house.reseller) == AT_FIRST


def test_who_may_call(house: House) -> None:
    check_callers(house, ACTION, ABOVE_CUSTOMERS)
