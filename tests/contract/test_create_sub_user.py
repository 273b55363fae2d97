"""CreateSubUser: an identity that may do nothing until it is allowed something."""

from typing import Any

import pytest
from tests.contract.access import attach, make_sub_user, may
from tests.contract.house import House, token
from tests.contract.house_rules import (
    BAD_TEXTS,
    BAD_TOKEN,
    EVERYONE,
    check_callers,
    check_first_is_told,
    check_repeats,
    check_told,
    not_a_text,
)

from counterfoil.actions.counterfoil_20261121.create_sub_user import ACTION
from counterfoil.domain import errors

NAME_TAKEN = ("FailedOperation", "Operation failed: the name is taken.")


def asked(**members: object) -> dict[str, Any]:
    return {"ClientToken": token(), "Name": token(), **members}


@pytest.mark.parametrize("kind", EVERYONE)
def test_it_may_do_nothing_until_a_policy_allows_it(house: House, kind: str) -> None:
    account = house.of_every_kind[kind]
    sub_user = make_sub_user(house, account)
    assert not may(house, sub_user)
    attach(house, account, sub_user.uin, "counterfoil:DescribePolicies")
    other = make_sub_user(house, account, "counterfoil:DescribePolicies")
    assert may(house, other)
    assert not may(house, other, "SimulatePolicy")


def test_its_number_is_nobody_elses(house: House) -> None:
    uin = house.do(ACTION.name, house.reseller, **asked())["Uin"]
    taken = {"ClientToken": token(), "Kind": "customer", "Name": "X", "Uin": uin}
    code, message = house.refusal("CreateAccount", house.reseller, taken)
    assert (code, message) == ("FailedOperation", "Operation failed: the number is taken.")


def test_a_name_is_taken_in_one_account_alone(house: House) -> None:
    house.do(ACTION.name, house.reseller, **asked(Name="jo"))
    house.do(ACTION.name, house.distributor, **asked(Name="jo"))
    assert house.refusal(ACTION.name, house.reseller, asked(Name="jo")) == NAME_TAKEN


def test_refusals(house: House) -> None:
    house.do(ACTION.name, house.reseller, **asked(Name="taken"))
    check_told(
        house,
        ACTION,
        house.reseller,
        asked(),
        [
            *((errors.BadText, {"Name": text}, not_a_text("Name")) for text in BAD_TEXTS),
            (errors.NameTaken, {"Name": "taken"}, NAME_TAKEN),
        ],
    )


def test_the_first_fault_is_told(house: House) -> None:
    check_first_is_told(
        house,
        ACTION,
        house.reseller,
        asked(),
        [
            (errors.BadText, {"Name": "x" * 257}, not_a_text("Name")),
            (errors.BadToken, {"ClientToken": "ä"}, BAD_TOKEN),
        ],
    )


def test_a_sub_user_asked_for_twice_is_made_once(house: House) -> None:
    written = house.written()
    check_repeats(house, ACTION, house.reseller, asked(), {"Name": "somebody else"})
    assert (house.written() - written).total() == 2  # the sub-user and its token


def test_who_may_call(house: House) -> None:
    check_callers(house, ACTION, EVERYONE)
