"""AttachPolicy: what a sub-user may do is what its policies allow and none denies."""

import time
from typing import Any

from tests.contract.access import attach, document, make_policy, make_sub_user, may
from tests.contract.house import Account, House, token
from tests.contract.house_rules import (
    BAD_TOKEN,
    EVERYONE,
    NO_SUCH_OBJECT,
    check_callers,
    check_first_is_told,
    check_repeats,
    check_told,
)

from counterfoil.access.fresh import KEPT_S
from counterfoil.actions.counterfoil_20261121.attach_policy import ACTION
from counterfoil.domain import errors

FULL = ("FailedOperation", "Operation failed: there are as many of these as there may be.")


def good(house: House, by: Account) -> dict[str, Any]:
    """An attachment that can be made."""
    policy_id = make_policy(house, by, "finance:*")
    principal_id = make_sub_user(house, by).uin
    return {"ClientToken": token(), "PolicyId": policy_id, "PrincipalId": principal_id}


def test_it_holds_within_a_second(house: House) -> None:
    sub_user = make_sub_user(house, house.reseller)
    assert not may(house, sub_user)
    attach(house, house.reseller, sub_user.uin, "counterfoil:Describe*")
    time.sleep(KEPT_S)
    assert may(house, sub_user)
    attach(house, house.reseller, sub_user.uin, "counterfoil:*Policies", effect="deny")
    time.sleep(KEPT_S)
    assert not may(house, sub_user)
    assert may(house, sub_user, "DescribeAccounts")


def test_a_role_has_policies_like_a_sub_user(house: House) -> None:
    role_id = house.do(
        "CreateRole",
        house.reseller,
        Name="r",
        PolicyDocument=document("sts:AssumeRole").replace(
            '"resource": ["*"]', '"principal": {"qcs": "qcs::cam::uin/1:root"}'
        ),
    )["RoleId"]
    policy_id = attach(house, house.reseller, role_id, "finance:*")
    (policy,) = house.ask("DescribePolicies", house.reseller)["Policies"]
    assert (policy["PolicyId"], policy["PrincipalIds"]) == (policy_id, [role_id])


def test_attached_again_nothing_changes(house: House) -> None:
    members = good(house, house.reseller)
    for _ in range(2):
        house.do(ACTION.name, house.reseller, **{**members, "ClientToken": token()})
    (policy,) = house.ask("DescribePolicies", house.reseller)["Policies"]
    assert policy["PrincipalIds"] == [members["PrincipalId"]]


def test_refusals(house: House) -> None:
    by = house.reseller
    members, foreign = good(house, by), good(house, house.distributor)
    full = make_sub_user(house, by).uin
    for _ in range(20):
        attach(house, by, full, "finance:*")
    check_told(
        house,
        ACTION,
        by,
        members,
        [
            *((errors.NotFound, {"PolicyId": n}, NO_SUCH_OBJECT) for n in (0, -1, 2**63 - 1)),
            (errors.NotFound, {"PolicyId": foreign["PolicyId"]}, NO_SUCH_OBJECT),
            *(
                (errors.NotFound, {"PrincipalId": uin}, NO_SUCH_OBJECT)
                for uin in (0, by.uin, house.customer.uin, foreign["PrincipalId"])
            ),
            (errors.Full, {"PrincipalId": full}, FULL),
        ],
    )


def test_the_first_fault_is_told(house: House) -> None:
    check_first_is_told(
        house,
        ACTION,
        house.reseller,
        good(house, house.reseller),
        [
            (errors.BadToken, {"ClientToken": "ä"}, BAD_TOKEN),
            (errors.NotFound, {"PolicyId": 0}, NO_SUCH_OBJECT),
        ],
    )


def test_asked_for_twice_it_is_done_once(house: House) -> None:
    check_repeats(house, ACTION, house.reseller, good(house, house.reseller), {"PolicyId": 1})


def test_who_may_call(house: House) -> None:
    check_callers(house, ACTION, EVERYONE)
