"""ReleaseHold: all that was set aside goes back."""

from tests.contract.house import House, soon, token, wait_until_past
from tests.contract.house_rules import (
    ABOVE_CUSTOMERS,
    NO_SUCH_OBJECT,
    PAST_ITS_STATE,
    check_callers,
    check_repeats,
    check_told,
)

from counterfoil.actions.counterfoil_20261121.release_hold import ACTION
from counterfoil.domain import errors


def asked(house: House, hold_id: int, **members: object) -> dict[str, object]:
    return {
        "ClientToken": token(),
        "CustomerUin": house.customer.uin,
        "HoldId": hold_id,
        **members,
    }


def test_a_released_hold_can_be_spent_again(house: House) -> None:
    first = house.voucher("4", ExpireTime="2030-06-30 23:59:59")
    second = house.voucher("100")
    hold = house.hold("10")
    released = house.do(ACTION.name, house.reseller, **asked(house, hold["HoldId"]))
    assert released == {"ReleasedAmount": "10"}
    assert (house.left(first), house.left(second)) == ({"available": "4"}, {"available": "100"})


def test_what_a_withdrawn_voucher_gets_back_returns_to_its_issuer(house: House) -> None:
    voucher = house.voucher("100")
    hold = house.hold("10")
    ended = {"CustomerUin": house.customer.uin, "VoucherId": voucher}
    house.items("WithdrawVouchers", house.reseller, "Vouchers", [ended])
    assert house.quota_left(house.reseller) == "990"
    house.do(ACTION.name, house.reseller, **asked(house, hold["HoldId"]))
    assert house.left(voucher) == {"voided": "100"}
    assert house.quota_left(house.reseller) == "1000"


def test_refusals(house: House) -> None:
    house.voucher("100")
    other = house.account("customer", house.distributor)
    open_hold = house.hold("10")["HoldId"]
    captured, released = house.hold("10")["HoldId"], house.hold("10")["HoldId"]
    house.do("CaptureHold", house.reseller, **asked(house, captured))
    house.do(ACTION.name, house.reseller, **asked(house, released))
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
                (errors.NotFound, members, NO_SUCH_OBJECT)
                for members in ({"HoldId": 0}, {"CustomerUin": 1}, {"CustomerUin": other.uin})
            ),
            *(
                (errors.NotOpen, {"HoldId": hold_id}, PAST_ITS_STATE)
                for hold_id in (captured, released, lapsed)
            ),
        ],
    )


def test_a_release_sent_twice_releases_once(house: House) -> None:
    voucher = house.voucher("100")
    hold_id, other_hold_id = house.hold("10")["HoldId"], house.hold("5")["HoldId"]
    good, changed = asked(house, hold_id), {"HoldId": other_hold_id}
    assert check_repeats(house, ACTION, house.reseller, good, changed) == {"ReleasedAmount": "10"}
    assert house.left(voucher) == {"available": "95", "held": "5"}


def test_who_may_release(house: House) -> None:
    check_callers(house, ACTION, ABOVE_CUSTOMERS)
