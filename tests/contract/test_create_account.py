"""CreateAccount: the partner tree grows, in the shapes it may have and where the caller may."""

from typing import Any

import pytest
from tests.contract.house import PLATFORM, House, token
from tests.contract.house_rules import (
    ABOVE_CUSTOMERS,
    BAD_TEXTS,
    BAD_TOKEN,
    NO_SUCH_OBJECT,
    bad_value,
    check_callers,
    check_first_is_told,
    check_repeats,
    check_told,
    not_a_choice,
    not_a_text,
)

from counterfoil.actions.counterfoil_20261121.create_account import ACTION
from counterfoil.domain import errors

MISPLACED = (
    "FailedOperation",
    "Operation failed: an account of this kind can't be below that one.",
)
TAKEN = ("FailedOperation", "Operation failed: the number is taken.")
NOT_A_UIN = bad_value("The parameter `Uin` is not the number of an account.")

KINDS = ("distributor", "reseller", "sub_reseller", "customer")
BELOW = {
    "platform": {"distributor", "reseller", "customer"},
    "distributor": {"sub_reseller", "customer"},
    "reseller": {"customer"},
    "sub_reseller": {"customer"},
    "customer": set[str](),
}


def asked(**members: object) -> dict[str, Any]:
    return {"ClientToken": token(), "Kind": "customer", "Name": "Jo & Co", **members}


def shown(house: House, uin: int) -> dict[str, Any]:
    """The account as the platform's list shows it."""
    page = house.ask("DescribeAccounts", PLATFORM, Cursor=str(uin - 1), Limit=1)
    (account,) = page["Accounts"]
    return dict(account)


@pytest.mark.parametrize("parent", BELOW)
def test_each_kind_has_its_place(house: House, parent: str) -> None:
    for kind in KINDS:
        members = asked(Kind=kind, ParentUin=house.of_every_kind[parent].uin)
        if kind not in BELOW[parent]:
            assert house.refusal(ACTION.name, PLATFORM, members) == MISPLACED
            continue
        uin = house.do(ACTION.name, PLATFORM, **members)["Uin"]
        account = shown(house, uin)
        assert (account["Kind"], account["ParentUin"], account["Name"]) == (
            kind,
            members["ParentUin"],
            "Jo & Co",
        )


def test_an_account_stands_below_its_caller_by_default(house: House) -> None:
    uin = house.do(ACTION.name, house.reseller, **asked())["Uin"]
    assert shown(house, uin)["ParentUin"] == house.reseller.uin


def test_a_partner_adds_to_its_own_tree_alone(house: House) -> None:
    house.do(ACTION.name, house.distributor, **asked(ParentUin=house.sub_reseller.uin))
    for parent in (house.reseller, PLATFORM):
        members = asked(ParentUin=parent.uin)
        assert house.refusal(ACTION.name, house.distributor, members) == NO_SUCH_OBJECT


def test_a_new_account_works_at_once(house: House) -> None:
    reseller = house.partner("reseller", PLATFORM)
    customer = house.account("customer", reseller)
    house.voucher("10", by=reseller, CustomerUin=customer.uin)


def test_a_number_may_be_chosen(house: House) -> None:
    free = house.do(ACTION.name, PLATFORM, **asked())["Uin"] + 1_000_000
    assert house.do(ACTION.name, house.reseller, **asked(Uin=free)) == {"Uin": free}
    assert house.refusal(ACTION.name, house.reseller, asked(Uin=free)) == TAKEN


def test_a_number_that_was_chosen_is_not_given_again(house: House) -> None:
    last = house.do(ACTION.name, PLATFORM, **asked())["Uin"]
    ahead = [last + n for n in (1, 2)]
    for uin in ahead:
        house.do(ACTION.name, PLATFORM, **asked(Uin=uin))
    assert house.do(ACTION.name, PLATFORM, **asked())["Uin"] not in (last, *ahead)


def test_refusals(house: House) -> None:
    check_told(
        house,
        ACTION,
        house.reseller,
        asked(),
        [
            *((errors.BadText, {"Name": text}, not_a_text("Name")) for text in BAD_TEXTS),
            *(
                (errors.BadChoice, {"Kind": kind}, not_a_choice("Kind"))
                for kind in ("platform", "Customer", "partner")
            ),
            *((errors.NotAUin, {"Uin": uin}, NOT_A_UIN) for uin in (0, -1, 2**53)),
            *(
                (errors.NotFound, {"ParentUin": uin}, NO_SUCH_OBJECT)
                for uin in (0, house.distributor.uin, PLATFORM.uin)
            ),
            (errors.Misplaced, {"Kind": "distributor"}, MISPLACED),
            (errors.Misplaced, {"ParentUin": house.customer.uin}, MISPLACED),
            (errors.Taken, {"Uin": house.distributor.uin}, TAKEN),
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
            (errors.BadChoice, {"Kind": "root"}, not_a_choice("Kind")),
            (errors.NotAUin, {"Uin": 0}, NOT_A_UIN),
            (errors.BadToken, {"ClientToken": "ä"}, BAD_TOKEN),
            (errors.NotFound, {"ParentUin": 1}, NO_SUCH_OBJECT),
            (errors.Misplaced, {"Kind": "reseller"}, MISPLACED),
            (errors.Taken, {"Uin": house.customer.uin}, TAKEN),
        ],
    )


def test_an_account_asked_for_twice_is_made_once(house: House) -> None:
    written = house.written()
    check_repeats(house, ACTION, house.reseller, asked(), {"Name": "Somebody else"})
    assert (house.written() - written).total() == 2  # the account and its token


def test_who_may_call(house: House) -> None:
    check_callers(house, ACTION, ABOVE_CUSTOMERS)
