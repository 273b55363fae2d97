"""What withdrawing and invalidating vouchers have in common, as their users see it."""

from typing import Any

from tests.contract.house import Account, House, OneItem, at, soon, token, wait_until_past
from tests.contract.house_rules import (
    BAD_TEXTS,
    NO_SUCH_OBJECT,
    PAST_ITS_STATE,
    check_length,
    check_repeats,
    check_told,
    not_a_text,
)

from counterfoil.actions.declaration import Action
from counterfoil.domain import errors


def to_end(house: House, voucher: int, **members: object) -> dict[str, Any]:
    """A voucher to end."""
    return {
        "ClientToken": token(),
        "CustomerUin": house.customer.uin,
        "VoucherId": voucher,
        **members,
    }


def check_the_remainder_goes_and_its_quota_returns(
    house: House, action: Action, by: Account
) -> None:
    voucher, not_begun = house.voucher("100"), house.voucher("50", EffectiveTime=at(3_600))
    house.usage("10")
    house.hold("5")
    assert house.quota_left(house.reseller) == "850"
    items = [to_end(house, voucher, Reason="fraud"), to_end(house, not_begun)]
    assert house.items(action.name, by, "Vouchers", items) == [
        {"VoidedAmount": "85"},
        {"VoidedAmount": "50"},
    ]
    assert house.left(voucher) == {"held": "5", "spent": "10", "voided": "85"}
    assert house.quota_left(house.reseller) == "985"
    charge = {"CustomerUin": house.customer.uin, "PayMode": "postPay"}
    lines = [{"ProductCode": "p_cvm", "SubProductCode": "sp_cvm_s1", "Amount": "1"}]
    (paid,) = house.items("ChargeVouchers", house.reseller, "Charges", [{**charge, "Lines": lines}])
    assert paid["PaidAmount"] == "0"


def check_quota_stays_where_the_policy_says_so(house: House, action: Action, by: Account) -> None:
    house.do("SetPolicies", house.reseller, ReturnOnWithdrawal=False)
    voucher = house.voucher("100")
    house.items(action.name, by, "Vouchers", [to_end(house, voucher)])
    assert house.left(voucher) == {"voided": "100"}
    assert house.quota_left(house.reseller) == "900"


def check_a_bad_item_fails_alone(house: House, action: Action, by: Account) -> None:
    first, second = house.voucher("1"), house.voucher("2")
    items = [to_end(house, first), to_end(house, 1), to_end(house, second)]
    code, message = NO_SUCH_OBJECT
    assert house.items(action.name, by, "Vouchers", items) == [
        {"VoidedAmount": "1"},
        {"Error": {"Code": code, "Message": message}},
        {"VoidedAmount": "2"},
    ]


def check_refusals(house: House, action: Action, by: Account) -> None:
    last_second = soon()
    expired = house.voucher("1", ExpireTime=last_second)
    used, ended = house.voucher("10"), house.voucher("10")
    house.usage("10", VoucherIds=[used])
    house.items(action.name, by, "Vouchers", [to_end(house, ended)])
    wait_until_past(last_second)
    house.items(action.name, by, "Vouchers", [to_end(house, expired)])  # posts its expiry
    strangers = [{"VoucherId": 1}, {"CustomerUin": 1}, {"CustomerUin": house.reseller.uin}]
    check_told(
        OneItem(house, "Vouchers"),
        action,
        by,
        to_end(house, house.voucher("10")),
        [
            *((errors.BadText, {"Reason": text}, not_a_text("Reason")) for text in BAD_TEXTS),
            *((errors.NotFound, members, NO_SUCH_OBJECT) for members in strangers),
            *(
                (errors.NotOpen, {"VoucherId": voucher}, PAST_ITS_STATE)
                for voucher in (expired, used, ended)
            ),
        ],
    )
    check_length(house, action, by, "Vouchers")


def check_sent_twice(house: House, action: Action, by: Account) -> None:
    good = to_end(house, house.voucher("10"))
    changed = {"VoucherId": house.voucher("20")}
    answer = check_repeats(OneItem(house, "Vouchers"), action, by, good, changed)
    assert answer == {"VoidedAmount": "10"}
    assert house.left(changed["VoucherId"]) == {"available": "20"}
