"""Our declarations against Tencent Cloud's own metadata, member by member: what tccli's package
says of each action, and the classes that the Python SDK makes requests and answers of.

A difference fails unless `docs/fidelity.md` lists it with its reason.
"""

import json
import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec
import pytest
import tccli

from counterfoil.actions.declaration import Action, Shows
from counterfoil.domain.account import CUSTOMERS, EVERYONE, PARTNERS
from counterfoil.wire.routes import all_actions

FIDELITY = Path(__file__).resolve().parents[2] / "docs" / "fidelity.md"
SECTION = "## Declarations that differ from the metadata"

# What the documents say of rates and callers; the metadata holds neither.
DOCUMENTED = {
    "DescribeVoucherInfo": (20, EVERYONE),
    "DescribeVoucherUsageDetails": (20, EVERYONE),
    "DescribeCustomerVoucherList": (20, PARTNERS),
    "DescribeCustomerVoucherUsageDetails": (20, PARTNERS),
    "DescribeCustomerOwnVoucherList": (20, CUSTOMERS),
    "DescribeCustomerOwnVoucherUsageDetails": (20, CUSTOMERS),
    "QueryVoucherListByUin": (5, PARTNERS),
    "QueryVoucherAmountByUin": (5, PARTNERS),
    "QueryVoucherPool": (5, PARTNERS),
}
OFFICIAL = [action for action in all_actions() if action.name in DOCUMENTED]
every_action = pytest.mark.parametrize("action", OFFICIAL, ids=lambda action: action.name)

Member = tuple[str, bool]  # its type in the metadata's words, and whether it is required


def folder(action: Action) -> str:
    """What packages call a version of a service."""
    return f"{action.service}.v{action.version.replace('-', '')}"


def metadata(action: Action) -> Mapping[str, Any]:
    """All that tccli's package says of the action's version."""
    path = Path(tccli.__path__[0], "services", *folder(action).split("."), "api.json")
    known: dict[str, Any] = json.loads(path.read_text())
    return known


def theirs(known: Mapping[str, Any], struct: str, path: str = "") -> Iterator[tuple[str, Member]]:
    """The members of a struct of the metadata, and of those inside, by their dotted paths; the
    RequestId comes with every answer."""
    for member in known["objects"][struct]["members"]:
        if member["name"] == "RequestId" and not path:
            continue
        here = path + member["name"]
        is_struct = member["member"] in known["objects"]
        word = "object" if is_struct else member["member"]
        is_list = member["type"] == "list"
        yield here, (f"list of {word}" if is_list else word, member.get("required", True))
        if is_struct:
            yield from theirs(known, member["member"], f"{here}.")


def ours(struct: type[msgspec.Struct], path: str = "") -> Iterator[tuple[str, Member]]:
    """The same of a struct that an action declares."""
    for field in msgspec.structs.fields(struct):
        here = path + field.encode_name
        word, inner = described(field.type)
        yield here, (word, field.required)
        if inner is not None:
            yield from ours(inner, f"{here}.")


def described(kind: Any) -> tuple[str, type[msgspec.Struct] | None]:
    """A declared type in the metadata's words, and the struct that it or its items are."""
    if get_origin(kind) in (Union, UnionType):
        (kind,) = (one for one in get_args(kind) if one is not NoneType)
    if get_origin(kind) is Annotated:
        inner, *notes = get_args(kind)
        for note in notes:
            if isinstance(note, Shows):
                return described(list[note.type] if note.is_list else note.type)
            if isinstance(note, msgspec.Meta) and inner is int:
                return ("uint64" if note.ge == 0 else "int64"), None
        return described(inner)
    if get_origin(kind) is list:
        word, inner = described(get_args(kind)[0])
        return f"list of {word}", inner
    if issubclass(kind, msgspec.Struct):
        return "object", kind
    return {str: "string", float: "float", bool: "bool"}[kind], None


def differences(action: Action) -> Iterator[str]:
    """What our declaration of an action has otherwise than the metadata."""
    known = metadata(action)
    declared = known["actions"][action.name]
    for side, struct in (("input", action.request), ("output", action.response)):
        expected, found = dict(theirs(known, declared[side])), dict(ours(struct))
        for path in [*expected, *(path for path in found if path not in expected)]:
            if expected.get(path) != found.get(path):
                yield f"{action.name} {side} {path}"


def listed() -> set[str]:
    """The differences that the document lists; each with a reason."""
    section = FIDELITY.read_text().partition(SECTION)[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `([^`]+)` \| (.+) \|$", section, re.MULTILINE)
    assert all(len(reason) > 20 for _, reason in rows)
    return {difference for difference, _ in rows}


def test_all_nine_are_declared() -> None:
    assert {action.name for action in OFFICIAL} == DOCUMENTED.keys()


@every_action
def test_members_are_those_of_the_metadata(action: Action) -> None:
    found = set(differences(action))
    assert found == {one for one in listed() if one.split(" ")[0] == action.name}


def test_nothing_is_listed_of_another_action() -> None:
    assert {difference.split(" ")[0] for difference in listed()} <= DOCUMENTED.keys()


@every_action
def test_members_are_those_of_the_sdk(action: Action) -> None:
    models = import_module(f"tencentcloud.{folder(action)}.models")
    for kind, struct in (("Request", action.request), ("Response", action.response)):
        sdk = vars(getattr(models, f"{action.name}{kind}")())
        names = {name.removeprefix("_") for name in sdk} - {"RequestId"}
        assert {field.encode_name for field in msgspec.structs.fields(struct)} == names


@every_action
def test_rate_and_callers_are_the_documented_ones(action: Action) -> None:
    assert (action.rate, action.roles) == DOCUMENTED[action.name]


def test_a_difference_is_seen() -> None:
    class Spoilt(msgspec.Struct):
        Page: str
        Bogus: Annotated[int, msgspec.Meta(ge=0)] | None = None

    (action,) = (one for one in OFFICIAL if one.name == "DescribeCustomerOwnVoucherList")
    spoilt = Action(**{**vars(action), "request": Spoilt})
    found = {path.split(" ")[2] for path in differences(spoilt)}
    assert found == {
        *("Page", "PageSize", "VoucherStatus", "PaymentMode", "ProductScope", "VoucherId"),
        "Bogus",
    }
