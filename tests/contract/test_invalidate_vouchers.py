"""InvalidateVouchers: the platform ends vouchers, whoever issued them."""

from tests.contract import endings
from tests.contract.house import PLATFORM, House
from tests.contract.house_rules import PLATFORM_ONLY, check_callers

from counterfoil.actions.counterfoil_20261121.invalidate_vouchers import ACTION


def test_the_remainder_goes_and_its_quota_returns(house: House) -> None:
    endings.check_the_remainder_goes_and_its_quota_returns(house, ACTION, PLATFORM)


def test_quota_stays_where_the_policy_says_so(house: House) -> None:
    endings.check_quota_stays_where_the_policy_says_so(house, ACTION, PLATFORM)


def test_a_bad_item_fails_alone(house: House) -> None:
    endings.check_a_bad_item_fails_alone(house, ACTION, PLATFORM)


def test_refusals(house: House) -> None:
    endings.check_refusals(house, ACTION, PLATFORM)


def test_an_invalidation_sent_twice_is_made_once(house: House) -> None:
    endings.check_sent_twice(house, ACTION, PLATFORM)


def test_who_may_call(house: House) -> None:
    check_callers(house, ACTION, PLATFORM_ONLY)


def test_the_reason_and_the_kind_are_kept(house: House) -> None:
    voucher = house.voucher("1")
    item = endings.to_end(house, voucher, Reason="stolen card")
    house.items(ACTION.name, PLATFORM, "Vouchers", [item])
    sql = "select void_kind, void_reason from voucher where owner_uin = $1 and voucher_no = $2"
    assert house.rows(sql, house.customer.uin, voucher) == [("killed", "stolen card")]
