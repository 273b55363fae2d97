"""CreatePolicy: a document is kept as it was written, or refused for what it can't do."""

import json
from typing import Any

from tests.contract.access import document
from tests.contract.documents import bad_document, document_faults
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

from counterfoil.actions.counterfoil_20261121.create_policy import ACTION
from counterfoil.domain import errors

NAME_TAKEN = ("FailedOperation", "Operation failed: the name is taken.")
SPOILT = {
    "condition": {"ip_equal": {"qcs:ip": "10.0.0.1"}},
    "principal": {"qcs": ["*"]},
    "effect": "Allow",
    "action": "billing:DescribeVoucherInfo",
    "resource": ["qcs::finance:::voucher/1"],
}


def asked(**members: object) -> dict[str, Any]:
    return {
        "ClientToken": token(),
        "Name": token(),
        "PolicyDocument": document("finance:Describe*"),
        **members,
    }


def test_a_policy_is_listed_as_it_was_written(house: House) -> None:
    good = asked(Name="Reads & such", Description="用途")
    made = house.do(ACTION.name, house.reseller, **good)
    (shown,) = house.ask("DescribePolicies", house.reseller)["Policies"]
    assert (shown["PolicyId"], shown["Name"]) == (made["PolicyId"], good["Name"])
    assert shown["Description"] == good["Description"]
    assert json.loads(shown["PolicyDocument"]) == json.loads(good["PolicyDocument"])


def test_refusals(house: House) -> None:
    house.do(ACTION.name, house.reseller, **asked(Name="taken"))
    check_told(
        house,
        ACTION,
        house.reseller,
        asked(),
        [
            *((errors.BadText, {"Name": text}, not_a_text("Name")) for text in BAD_TEXTS),
            (errors.BadText, {"Description": "\0"}, not_a_text("Description")),
            *document_faults(asked()["PolicyDocument"], SPOILT),
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
            (errors.BadText, {"Description": "x" * 257}, not_a_text("Description")),
            (errors.BadDocument, {"PolicyDocument": "{"}, bad_document()),
            (errors.BadToken, {"ClientToken": "ä"}, BAD_TOKEN),
        ],
    )


def test_a_policy_asked_for_twice_is_made_once(house: House) -> None:
    written = house.written()
    check_repeats(house, ACTION, house.reseller, asked(), {"Name": "another"})
    assert (house.written() - written).total() == 2  # the policy and its token


def test_who_may_call(house: House) -> None:
    check_callers(house, ACTION, EVERYONE)
