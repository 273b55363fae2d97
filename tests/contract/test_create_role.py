"""CreateRole: a role with a number and a name of its own, and who may assume it."""

from typing import Any

from tests.contract.access import trust
from tests.contract.documents import bad_document, document_faults
from tests.contract.house import House, token
from tests.contract.house_rules import (
    BAD_TOKEN,
    EVERYONE,
    check_callers,
    check_first_is_told,
    check_repeats,
    check_told,
    not_a_text,
    out_of_range,
)

from counterfoil.actions.counterfoil_20261121.create_role import ACTION
from counterfoil.domain import errors

NAME_TAKEN = ("FailedOperation", "Operation failed: the name is taken.")
SPOILT = {
    "condition": {"string_equal": {"sts:external_id": "x"}},
    "principal": {"service": ["cvm.qcloud.com"]},
    "effect": "deny",
    "action": "sts:*",
}


def asked(**members: object) -> dict[str, Any]:
    return {
        "ClientToken": token(),
        "Name": token(),
        "PolicyDocument": trust("100000000001:root"),
        **members,
    }


def test_a_role_is_named_by_its_account_and_name(house: House) -> None:
    made = house.do(ACTION.name, house.reseller, **asked(Name="reporting@night"))
    arn = f"qcs::cam::uin/{house.reseller.uin}:roleName/reporting@night"
    assert made == {"RoleId": made["RoleId"], "RoleArn": arn}


def test_its_number_is_nobody_elses(house: House) -> None:
    role_id = house.do(ACTION.name, house.reseller, **asked())["RoleId"]
    taken = {"ClientToken": token(), "Kind": "customer", "Name": "X", "Uin": role_id}
    assert house.refusal("CreateAccount", house.reseller, taken)[0] == "FailedOperation"


def test_refusals(house: House) -> None:
    house.do(ACTION.name, house.reseller, **asked(Name="taken"))
    check_told(
        house,
        ACTION,
        house.reseller,
        asked(SessionDuration=43_200),
        [
            *(
                (errors.OutOfRange, {"SessionDuration": n}, out_of_range("SessionDuration"))
                for n in (0, -1, 43_201, 2**62)
            ),
            *(
                (errors.BadText, {"Name": name}, not_a_text("Name"))
                for name in ("x" * 129, "a b", "a/b", "a:b", "ä", "a\n", "\0")
            ),
            (errors.BadText, {"Description": "x" * 257}, not_a_text("Description")),
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
            (errors.OutOfRange, {"SessionDuration": 0}, out_of_range("SessionDuration")),
            (errors.BadText, {"Name": "a b"}, not_a_text("Name")),
            (errors.BadDocument, {"PolicyDocument": "{"}, bad_document()),
            (errors.BadToken, {"ClientToken": "ä"}, BAD_TOKEN),
        ],
    )


def test_a_role_asked_for_twice_is_made_once(house: House) -> None:
    written = house.written()
    check_repeats(house, ACTION, house.reseller, asked(), {"Name": "another"})
    assert (house.written() - written).total() == 2  # the role and its token


def test_who_may_call(house: House) -> None:
    check_callers(house, ACTION, EVERYONE)
