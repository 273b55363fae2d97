"""DetachPolicy: what only that policy allowed is allowed no more, within a second."""

import time
from typing import Any

from tests.contract.access import attach, make_sub_user, may
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
from counterfoil.actions.counterfoil_20261121.detach_policy import ACTION
from counterfoil.domain import errors


def good(house: House, by: Account) -> dict[str, Any]:
    """An attachment that can be undone."""
    principal_id = make_sub_user(house, by).uin
    policy_id = attach(house, by, principal_id, "finance:*")
    return {"ClientToken": token(), "PolicyId": policy_id, "PrincipalId": principal_id}


def test_it_holds_within_a_second(house: House) -> None:
    sub_user = make_sub_user(house, house.reseller)
    policy_id = attach(house, house.reseller, sub_user.uin, "counterfoil:*")
    assert may(house, sub_user)
    house.do(ACTION.name, house.reseller, PolicyId=policy_id, PrincipalId=sub_user.uin)
    time.sleep(KEPT_S)
    assert not may(house, sub_user)


def test_refusals(house: House) -> None:
    by = house.reseller
    foreign = good(house, house.distributor)
    check_told(
        house,
        ACTION,
        by,
        good(house, by),
        [
            *((errors.NotFound, {"PolicyId": n}, NO_SUCH_OBJECT) for n in (0, -1, 2**63 - 1)),
            (errors.NotFound, {"PolicyId": foreign["PolicyId"]}, NO_SUCH_OBJECT),
            (errors.NotFound, {"PrincipalId": foreign["PrincipalId"]}, NO_SUCH_OBJECT),
            (errors.NotFound, {"PrincipalId": make_sub_user(house, by).uin}, NO_SUCH_OBJECT),
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
