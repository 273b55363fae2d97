"""DescribeBalanceAt: what a voucher, or a partner's quota, stood at in a second of the past."""

from typing import Any

import pytest
from tests.contract.house import PLATFORM, Account, House, at, soon, wait_until_past
from tests.contract.house_rules import (
    BAD_TIMES,
    EVERYONE,
    NO_SUCH_OBJECT,
    check_callers,
    not_a_time,
    untimely,
)
from tests.contract.reading import (
    check_refusals,
    check_sight_of_customer,
    missing,
    not_valid,
)
from tests.contract.sample import CUSTOMER_B_UIN, VOUCHER_B

from counterfoil.actions.counterfoil_20261121.describe_balance_at import ACTION
from counterfoil.domain import errors


def stood(house: House, voucher: int, second: str) -> dict[str, str]:
    """The buckets that were not empty."""
    asked = {"CustomerUin": house.customer.uin, "VoucherId": voucher, "At": second}
    return not_empty(house.ask(ACTION.name, house.reseller, **asked))


def quota_stood(house: House, partner: Account, second: str) -> dict[str, str]:
    return not_empty(house.ask(ACTION.name, partner, PartnerUin=partner.uin, At=second))


def not_empty(answer: dict[str, Any]) -> dict[str, str]:
    assert answer.keys() == {"Balance"}
    return {name: amount for name, amount in answer["Balance"].items() if amount != "0"}


def moment() -> str:
    """This second, once it is over."""
    second = at()
    wait_until_past(second)
    return second


def test_every_second_keeps_its_balance(house: House) -> None:
    before = moment()
    voucher = house.voucher("100")
    issued = moment()
    house.usage("10")
    hold = house.hold("20")["HoldId"]
    held = moment()
    customer = {"CustomerUin": house.customer.uin}
    house.do("CaptureHold", house.reseller, **customer, HoldId=hold, Amount="15")
    captured = moment()
    ended = {**customer, "VoucherId": voucher}
    house.items("WithdrawVouchers", house.reseller, "Vouchers", [ended])
    for _ in range(2):  # the past is as it was, whoever asks when
        assert stood(house, voucher, before) == {}
        assert stood(house, voucher, issued) == {"AvailableAmount": "100"}
        assert stood(house, voucher, held) == {
            "AvailableAmount": "70",
            "HeldAmount": "20",
            "SpentAmount": "10",
        }
        assert stood(house, voucher, captured) == {"AvailableAmount": "75", "SpentAmount": "25"}
        assert stood(house, voucher, at()) == {"SpentAmount": "25", "VoidedAmount": "75"}


def test_an_end_counts_from_its_own_second_on(house: House) -> None:
    last_second = soon()
    voucher = house.voucher("100", ExpireTime=last_second)
    house.hold("20", ExpireTime=last_second)
    house.hold("30")
    wait_until_past(last_second)
    after = moment()
    for _ in range(2):
        assert stood(house, voucher, last_second) == {"AvailableAmount": "50", "HeldAmount": "50"}
        assert stood(house, voucher, after) == {"HeldAmount": "30", "ExpiredAmount": "70"}
        wait_until_past(at(2))  # meanwhile the server posts it


@pytest.mark.parametrize(
    ("second", "balance"),
    [
        ("2024-02-29 23:59:59", {}),
        ("2024-03-01 00:00:00", {"AvailableAmount": "10"}),
        ("2024-03-29 02:03:26", {"AvailableAmount": "10"}),
        ("2024-03-29 02:03:27", {"AvailableAmount": "9.9", "SpentAmount": "0.1"}),
        ("2024-06-30 23:59:59", {"AvailableAmount": "9.9", "SpentAmount": "0.1"}),
        ("2024-07-01 00:00:00", {"ExpiredAmount": "9.9", "SpentAmount": "0.1"}),
    ],
)
def test_the_samples_voucher(house: House, second: str, balance: dict[str, str]) -> None:
    asked = {"CustomerUin": CUSTOMER_B_UIN, "VoucherId": VOUCHER_B[0], "At": second}
    assert not_empty(house.ask(ACTION.name, PLATFORM, **asked)) == balance


def test_quota_as_it_was_posted(house: House) -> None:
    granted = moment()
    voucher = house.voucher("100")
    issued = moment()
    ended = {"CustomerUin": house.customer.uin, "VoucherId": voucher}
    house.items("WithdrawVouchers", house.reseller, "Vouchers", [ended])
    total = {"TotalQuota": "1000"}
    assert quota_stood(house, house.reseller, "2024-01-01 00:00:00") == {}
    assert quota_stood(house, house.reseller, granted) == {**total, "RemainingQuota": "1000"}
    assert quota_stood(house, house.reseller, issued) == {
        **total,
        "RemainingQuota": "900",
        "IssuedQuota": "100",
    }
    assert quota_stood(house, house.reseller, at()) == {
        **total,
        "RemainingQuota": "1000",
        "IssuedQuota": "100",
        "ReturnedQuota": "100",
    }


def test_refusals(house: House) -> None:
    voucher = house.voucher("1")
    check_refusals(
        house,
        ACTION,
        {"CustomerUin": house.customer.uin, "VoucherId": voucher, "At": at()},
        [
            (errors.Absent, {"CustomerUin": None}, missing("CustomerUin")),
            (errors.Absent, {"VoucherId": None}, missing("VoucherId")),
            (errors.Invalid, {"PartnerUin": house.reseller.uin}, not_valid("PartnerUin")),
            *((errors.BadInstant, {"At": time}, not_a_time("At")) for time in BAD_TIMES),
            (errors.Untimely, {"At": at(60)}, untimely("At")),
            (errors.Untimely, {"At": "9999-12-31 23:59:59"}, untimely("At")),
            (errors.NotFound, {"VoucherId": voucher + 1_000_000}, NO_SUCH_OBJECT),
            (errors.NotFound, {"CustomerUin": 1}, NO_SUCH_OBJECT),
        ],
    )


def test_the_beginning_of_time_can_be_asked_for(house: House) -> None:
    assert stood(house, house.voucher("1"), "0001-01-01 08:00:00") == {}


def test_who_sees_a_voucher(house: House) -> None:
    asked = {"CustomerUin": house.customer.uin, "VoucherId": house.voucher("1"), "At": at()}
    check_sight_of_customer(house, ACTION, asked)
    check_callers(house, ACTION, EVERYONE)


def test_who_sees_a_partners_quota(house: House) -> None:
    asked = {"PartnerUin": house.sub_reseller.uin, "At": at()}
    for by in (house.sub_reseller, house.distributor, PLATFORM):
        assert not_empty(house.ask(ACTION.name, by, **asked)) == {
            "TotalQuota": "1000",
            "RemainingQuota": "1000",
        }
    for other in (house.reseller, house.customer, house.account("customer", house.sub_reseller)):
        assert house.refusal(ACTION.name, other, asked) == NO_SUCH_OBJECT
