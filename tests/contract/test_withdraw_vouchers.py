"""WithdrawVouchers: an issuer, or who stands above it, takes back what is left."""

from tests.contract import endings
from tests.contract.house import PLATFORM, House
from tests.contract.house_rules import ABOVE_CUSTOMERS, NO_SUCH_OBJECT, check_callers

from counterfoil.actions.counterfoil_20261121.withdraw_vouchers import ACTION


def test_the_remainder_goes_and_its_quota_returns(house: House) -> None:
    endings.check_the_remainder_goes_and_its_quota_returns(house, ACTION, house.reseller)


def test_quota_stays_where_the_policy_says_so(house: House) -> None:
    endings.check_quota_stays_where_the_policy_says_so(house, ACTION, house.reseller)


def test_a_bad_item_fails_alone(house: House) -> None:
    endings.check_a_bad_item_fails_alone(house, ACTION, house.reseller)


def test_refusals(house: House) -> None:
    endings.check_refusals(house, ACTION, house.reseller)


def test_a_withdrawal_sent_twice_is_made_once(house: House) -> None:
    endings.check_sent_twice(house, ACTION, house.reseller)


def test_who_may_call(house: House) -> None:
    check_callers(house, ACTION, ABOVE_CUSTOMERS)


def test_only_the_issuer_and_those_above_it_withdraw(house: House) -> None:
    customer = house.account("customer", house.sub_reseller)
    code, message = NO_SUCH_OBJECT
    not_found = {"Error": {"Code": code, "Message": message}}
    may = {
        house.sub_reseller: {house.sub_reseller, house.distributor, PLATFORM},
        house.distributor: {house.distributor, PLATFORM},
        PLATFORM: {PLATFORM},
    }
    for issuer, allowed in may.items():
        for caller in (house.reseller, house.sub_reseller, house.distributor, PLATFORM):
            voucher = house.voucher("1", by=issuer, CustomerUin=customer.uin)
            item = endings.to_end(house, voucher, CustomerUin=customer.uin)
            (result,) = house.items(ACTION.name, caller, "Vouchers", [item])
            assert result == ({"VoidedAmount": "1"} if caller in allowed else not_found)


def test_the_reason_and_the_kind_are_kept(house: House) -> None:
    voucher = house.voucher("1")
    item = endings.to_end(house, voucher, Reason="issued in error")
    house.items(ACTION.name, house.reseller, "Vouchers", [item])
    sql = "select void_kind, void_reason from voucher where owner_uin = $1 and voucher_no = $2"
    assert house.rows(sql, house.customer.uin, voucher) == [("withdrawn", "issued in error")]
