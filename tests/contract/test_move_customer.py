"""MoveCustomer: a customer changes partners; what the old ones gave it ends, unless it is kept."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.contract.house import LATER, LINE, PLATFORM, Account, House, at, token
from tests.contract.house_rules import (
    ABOVE_CUSTOMERS,
    BAD_TOKEN,
    NO_SUCH_OBJECT,
    check_callers,
    check_first_is_told,
    check_repeats,
    check_told,
)
from tests.contract.test_create_account import MISPLACED

from counterfoil.actions.counterfoil_20261121.move_customer import ACTION
from counterfoil.domain import errors

NOTHING_ENDED = {"EndedVouchers": 0, "VoidedAmount": "0"}


def asked(customer: Account, parent: Account, **members: object) -> dict[str, Any]:
    return {
        "ClientToken": token(),
        "CustomerUin": customer.uin,
        "ParentUin": parent.uin,
        **members,
    }


def move(house: House, parent: Account, **members: object) -> dict[str, Any]:
    """Moves the house's customer, by the platform."""
    return house.do(ACTION.name, PLATFORM, **asked(house.customer, parent, **members))


def may_charge(house: House, by: Account) -> bool:
    charge = {"CustomerUin": house.customer.uin, "PayMode": "postPay", "Lines": [LINE]}
    (result,) = house.items("ChargeVouchers", by, "Charges", [charge])
    return "Error" not in result


def test_the_old_issuers_vouchers_end_and_their_quota_goes_back(house: House) -> None:
    spent_from = house.voucher("100", ExpireTime="2030-01-01 23:59:59")
    of_platform = house.voucher("7", by=PLATFORM, ExpireTime="2031-12-31 23:59:59")
    not_begun = house.voucher("50", EffectiveTime=at(3_600))
    house.usage("10")
    hold = house.hold("95")
    answer = move(house, house.distributor)
    assert answer == {"EndedVouchers": 2, "VoidedAmount": "50"}
    assert house.left(spent_from) == {"spent": "10", "held": "90"}
    assert house.left(not_begun) == {"voided": "50"}
    assert house.left(of_platform) == {"available": "2", "held": "5"}
    assert house.quota_left(house.reseller) == "900"
    released = house.do(
        "ReleaseHold",
        house.distributor,
        CustomerUin=house.customer.uin,
        HoldId=hold["HoldId"],
    )
    assert released == {"ReleasedAmount": "95"}
    assert house.left(spent_from) == {"spent": "10", "voided": "90"}
    assert house.left(of_platform) == {"available": "7"}
    assert house.quota_left(house.reseller) == "990"


def test_quota_stays_where_the_policy_says_so(house: House) -> None:
    house.do("SetPolicies", house.reseller, ReturnOnWithdrawal=False)
    house.voucher("100")
    move(house, house.distributor)
    assert house.quota_left(house.reseller) == "900"


def test_kept_vouchers_pay_under_the_new_partner(house: House) -> None:
    voucher = house.voucher("100")
    assert move(house, house.distributor, KeepVouchers=True) == NOTHING_ENDED
    assert may_charge(house, house.distributor)
    assert house.left(voucher) == {"available": "90", "spent": "10"}


def test_the_old_partner_is_gone_and_the_new_one_there(house: House) -> None:
    assert may_charge(house, house.reseller)
    move(house, house.distributor)
    assert not may_charge(house, house.reseller)
    assert may_charge(house, house.distributor)
    issue = {"CustomerUin": house.customer.uin, "Amount": "1", "ExpireTime": LATER}
    (refused,) = house.items("IssueVouchers", house.reseller, "Vouchers", [issue])
    assert refused["Error"]["Code"] == NO_SUCH_OBJECT[0]
    house.voucher("1", by=house.distributor)


def test_below_the_platform_a_customer_is_bound_to_no_partner(house: House) -> None:
    voucher = house.voucher("100")
    assert move(house, PLATFORM) == {"EndedVouchers": 1, "VoidedAmount": "100"}
    assert house.left(voucher) == {"voided": "100"}
    for partner in (house.reseller, house.distributor, house.sub_reseller):
        assert not may_charge(house, partner)
    assert may_charge(house, PLATFORM)


def test_partners_that_stay_above_keep_what_they_issued(house: House) -> None:
    customer = house.account("customer", house.sub_reseller)
    by_both = [
        house.voucher("10", by=issuer, CustomerUin=customer.uin)
        for issuer in (house.sub_reseller, house.distributor)
    ]
    up = asked(customer, house.distributor)
    assert house.do(ACTION.name, house.distributor, **up) == {
        "EndedVouchers": 1,
        "VoidedAmount": "10",
    }
    assert [house.left(voucher, customer) for voucher in by_both] == [
        {"voided": "10"},
        {"available": "10"},
    ]
    down = asked(customer, house.sub_reseller)
    assert house.do(ACTION.name, house.distributor, **down) == NOTHING_ENDED


def test_when_it_was_bound_is_noted(house: House) -> None:
    move(house, house.distributor)
    page = house.ask("DescribeAccounts", house.distributor)["Accounts"]
    (account,) = [one for one in page if one["Uin"] == house.customer.uin]
    assert account["ParentUin"] == house.distributor.uin
    assert account["CreatedTime"] <= account["BoundTime"] <= at()


def test_a_partner_moves_within_its_tree_alone(house: House) -> None:
    own = house.account("customer", house.distributor)
    for customer, parent in (
        (own, house.reseller),
        (own, PLATFORM),
        (house.customer, house.distributor),
        (house.sub_reseller, house.distributor),
    ):
        members = asked(customer, parent)
        assert house.refusal(ACTION.name, house.distributor, members) == NO_SUCH_OBJECT


def test_refusals(house: House) -> None:
    check_told(
        house,
        ACTION,
        PLATFORM,
        asked(house.customer, house.distributor),
        [
            *(
                (errors.NotFound, members, NO_SUCH_OBJECT)
                for members in (
                    {"CustomerUin": 1},
                    {"CustomerUin": house.reseller.uin},
                    {"ParentUin": 1},
                )
            ),
            (errors.Misplaced, {"ParentUin": house.customer.uin}, MISPLACED),
        ],
    )


def test_the_first_fault_is_told(house: House) -> None:
    check_first_is_told(
        house,
        ACTION,
        PLATFORM,
        asked(house.customer, house.distributor),
        [
            (errors.BadToken, {"ClientToken": "ä"}, BAD_TOKEN),
            (errors.NotFound, {"CustomerUin": 1}, NO_SUCH_OBJECT),
            (errors.Misplaced, {"ParentUin": house.customer.uin}, MISPLACED),
        ],
    )


def test_a_move_sent_twice_is_made_once(house: House) -> None:
    house.voucher("100")
    good = asked(house.customer, house.distributor)
    changed = {"ParentUin": house.sub_reseller.uin}
    moved = check_repeats(house, ACTION, PLATFORM, good, changed)
    assert moved == {"EndedVouchers": 1, "VoidedAmount": "100"}
    assert may_charge(house, house.distributor)


def test_no_voucher_slips_through_while_a_customer_is_moved(house: House) -> None:
    issue = {"CustomerUin": house.customer.uin, "Amount": "1", "ExpireTime": LATER}

    def issue_some(_: int) -> int:
        results = house.items("IssueVouchers", house.reseller, "Vouchers", [issue] * 5)
        return sum("VoucherId" in result for result in results)

    with ThreadPoolExecutor(8) as threads:
        issuing = [threads.submit(issue_some, n) for n in range(24)]
        moved = threads.submit(move, house, house.distributor)
        issued = sum(one.result() for one in issuing)
    assert moved.result()["EndedVouchers"] == issued
    live = "select count(*) from voucher where owner_uin = $1 and void_kind is null"
    assert house.rows(live, house.customer.uin) == [(0,)]
    assert house.quota_left(house.reseller) == "1000"


def test_who_may_call(house: House) -> None:
    check_callers(house, ACTION, ABOVE_CUSTOMERS)
