"""AdjustVoucherQuota: quota is given and taken back, and never what is not there."""

from typing import Any

from tests.contract.house import PLATFORM, Account, House, token
from tests.contract.house_rules import (
    BAD_SIGNED_AMOUNTS,
    BAD_TEXTS,
    BAD_TOKEN,
    NO_QUOTA,
    NO_SUCH_OBJECT,
    check_callers,
    check_first_is_told,
    check_repeats,
    check_told,
    not_a_text,
    not_an_amount,
)

from counterfoil.actions.counterfoil_20261121.adjust_voucher_quota import ACTION
from counterfoil.domain import errors


def asked(partner: Account, amount: str, **members: object) -> dict[str, Any]:
    return {"ClientToken": token(), "PartnerUin": partner.uin, "Amount": amount, **members}


def adjust(house: House, by: Account, partner: Account, amount: str) -> dict[str, Any]:
    return house.do(ACTION.name, by, **asked(partner, amount))


def test_the_platform_gives_and_takes_back(house: House) -> None:
    house.voucher("100")
    given = adjust(house, PLATFORM, house.reseller, "0.5")
    assert given == {"TotalQuota": "1000.5", "RemainingQuota": "900.5"}
    taken = adjust(house, PLATFORM, house.reseller, "-900.5")
    assert taken == {"TotalQuota": "100", "RemainingQuota": "0"}


def test_a_partner_without_quota_starts_at_none(house: House) -> None:
    new = house.account("reseller", PLATFORM)
    given = adjust(house, PLATFORM, new, "1000000")
    assert given == {"TotalQuota": "1000000", "RemainingQuota": "1000000"}


def test_a_distributor_gives_of_its_own_and_takes_back_what_it_gave(house: House) -> None:
    given = adjust(house, house.distributor, house.sub_reseller, "300")
    assert given == {"TotalQuota": "1300", "RemainingQuota": "1300"}
    assert house.quota_left(house.distributor) == "700"
    taken = adjust(house, house.distributor, house.sub_reseller, "-100")
    assert taken == {"TotalQuota": "1200", "RemainingQuota": "1200"}
    assert house.quota_left(house.distributor) == "800"
    # The rest of it has come from the platform.
    members = asked(house.sub_reseller, "-200.00000001")
    assert house.refusal(ACTION.name, house.distributor, members) == NO_QUOTA


def test_a_distributor_can_not_give_more_than_it_has(house: House) -> None:
    members = asked(house.sub_reseller, "1000.00000001")
    assert house.refusal(ACTION.name, house.distributor, members) == NO_QUOTA


def test_a_distributor_handles_its_own_second_level_alone(house: House) -> None:
    stranger = house.account("distributor", PLATFORM)
    foreign = house.account("sub_reseller", stranger)
    customer = house.account("customer", house.distributor)
    for account in (foreign, stranger, house.reseller, house.distributor, customer, PLATFORM):
        members = asked(account, "1")
        assert house.refusal(ACTION.name, house.distributor, members) == NO_SUCH_OBJECT


def test_refusals(house: House) -> None:
    house.voucher("100")
    check_told(
        house,
        ACTION,
        PLATFORM,
        asked(house.reseller, "-900"),
        [
            *(
                (errors.BadAmount, {"Amount": amount}, not_an_amount("Amount"))
                for amount in BAD_SIGNED_AMOUNTS
            ),
            *((errors.BadText, {"Reason": text}, not_a_text("Reason")) for text in BAD_TEXTS),
            *(
                (errors.NotFound, {"PartnerUin": uin}, NO_SUCH_OBJECT)
                for uin in (1, PLATFORM.uin, house.customer.uin)
            ),
            (errors.QuotaInsufficient, {"Amount": "-900.00000001"}, NO_QUOTA),
        ],
    )


def test_the_first_fault_is_told(house: House) -> None:
    check_first_is_told(
        house,
        ACTION,
        PLATFORM,
        asked(house.reseller, "1"),
        [
            (errors.BadAmount, {"Amount": "zero"}, not_an_amount("Amount")),
            (errors.BadText, {"Reason": "x" * 257}, not_a_text("Reason")),
            (errors.BadToken, {"ClientToken": "x" * 65}, BAD_TOKEN),
            (errors.NotFound, {"PartnerUin": 1}, NO_SUCH_OBJECT),
            (errors.QuotaInsufficient, {"Amount": "-1001"}, NO_QUOTA),
        ],
    )


def test_an_adjustment_sent_twice_is_made_once(house: House) -> None:
    good = asked(house.reseller, "5")
    answer = check_repeats(house, ACTION, PLATFORM, good, {"Amount": "-5"})
    assert answer == {"TotalQuota": "1005", "RemainingQuota": "1005"}
    assert house.quota_left(house.reseller) == "1005"


def test_who_may_call(house: House) -> None:
    may = dict.fromkeys(house.of_every_kind, False) | {"platform": True, "distributor": True}
    check_callers(house, ACTION, may)
