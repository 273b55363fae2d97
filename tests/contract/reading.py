"""What every action that only reads the books keeps to: how it refuses, and who sees what."""

from collections.abc import Sequence
from typing import Any

from tests.contract.house import PLATFORM, House, Members
from tests.contract.house_rules import NO_SUCH_OBJECT, Fault, Refusal, bad_value

from counterfoil.actions.declaration import Action
from counterfoil.domain import errors

BAD_CURSOR = bad_value("The parameter `Cursor` is not a cursor that came with the page before.")


def missing(parameter: str) -> Refusal:
    return "MissingParameter", f"The request is missing a required parameter `{parameter}`."


def not_valid(parameter: str) -> Refusal:
    return bad_value(f"The value specified in the parameter `{parameter}` is not valid.")


def check_refusals(house: House, action: Action, good: Members, faults: Sequence[Fault]) -> None:
    """That each fault, laid over a good request of the reseller's, is refused as it should, that
    none is left out of what the page lists, and that of several the one listed first is told."""
    listed = [kind for kind in action.errors if kind is not errors.Unavailable]
    assert [kind for kind in listed if kind in {fault[0] for fault in faults}] == listed
    house.ask(action.name, house.reseller, **good)
    for kind, members, refusal in faults:
        asked = {**good, **members}
        assert house.refusal(action.name, house.reseller, asked) == refusal, members
        for later in faults:
            is_apart = not later[1].keys() & members.keys()
            if is_apart and listed.index(later[0]) > listed.index(kind):
                asked = {**good, **later[1], **members}
                assert house.refusal(action.name, house.reseller, asked) == refusal, asked


def check_sight_of_customer(house: House, action: Action, good: Members) -> None:
    """That the customer and those above it have one answer, and all others the same refusal as if
    there were no such customer."""
    answers = [
        house.ask(action.name, by, **good) for by in (house.customer, house.reseller, PLATFORM)
    ]
    assert answers == [answers[0]] * 3
    neighbour = house.account("customer", house.reseller)
    for by in (house.distributor, house.sub_reseller, neighbour):
        assert house.refusal(action.name, by, good) == NO_SUCH_OBJECT
    for uin in (neighbour.uin + 1_000_000, house.reseller.uin, 0, -(2**63)):
        nobodys = {**good, "CustomerUin": uin}
        assert house.refusal(action.name, house.reseller, nobodys) == NO_SUCH_OBJECT


def pages(house: House, action: Action, name: str, **members: Any) -> list[list[Any]]:
    """The reseller's pages of the list `name`, from the first to the last."""
    found, cursor = [], ""
    while True:
        answer = house.ask(action.name, house.reseller, **members, Cursor=cursor)
        found.append(answer[name])
        cursor = answer["Cursor"]
        if not cursor:
            return found
