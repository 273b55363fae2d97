"""What a caller who is let in reaches: every action that names somebody's object × every relation
of the caller to it × every identity of the caller. What is not the caller's to reach answers like
what does not exist, byte for byte; and an identity reaches what its account does."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from tests.contract.access import (
    make_policy,
    make_role,
    make_session,
    make_sub_user,
)
from tests.contract.house import LATER, LINE, Account, House, at, token
from tests.contract.raw import Api, Draft, ask

from counterfoil.actions.declaration import Action
from counterfoil.wire.routes import all_actions

ACTIONS = {action.name: action for action in all_actions()}
NOBODY = 1

Reach = Callable[[House], dict[str, Any]]


@dataclass(frozen=True)
class Target:
    """What a request is about: `who` may reach it, `members` name it, made anew for each request,
    and `absent` names nothing in its place. `item` is the list that a batch has its items in."""

    who: set[str]
    members: Reach
    absent: dict[str, Any] = field(default_factory=lambda: {"CustomerUin": NOBODY})
    item: str = ""


def of_customer(house: House) -> dict[str, Any]:
    return {"CustomerUin": house.customer.uin}


def with_(*reaches: Reach, **members: Any) -> Reach:
    def reach(house: House) -> dict[str, Any]:
        return {name: v for one in reaches for name, v in one(house).items()} | members

    return reach


def voucher(house: House) -> dict[str, Any]:
    return {**of_customer(house), "VoucherId": house.voucher("1")}


def funded(house: House) -> dict[str, Any]:
    house.voucher("1")
    return of_customer(house)


def spent_voucher(house: House) -> int:
    number = house.voucher("1")
    house.usage("1", VoucherIds=[number])
    return number


def usage(house: House) -> dict[str, Any]:
    house.voucher("1")
    return {**of_customer(house), "UsageId": house.usage("1")}


def hold(house: House) -> dict[str, Any]:
    house.voucher("1")
    return {**of_customer(house), "HoldId": house.hold("1")["HoldId"]}


def spare_key(house: House) -> dict[str, Any]:
    return {"SecretId": house.key(house.customer.uin).secret_id}


def sub_user(house: House) -> dict[str, Any]:
    return {"PrincipalId": house.do("CreateSubUser", house.reseller, Name=token())["Uin"]}


def principal(house: House) -> dict[str, Any]:
    return {**sub_user(house), "PolicyId": make_policy(house, house.reseller, "finance:*")}


def attached(house: House) -> dict[str, Any]:
    members = principal(house)
    house.do("AttachPolicy", house.reseller, **members)
    return members


PURCHASE = {"PayMode": "postPay", "Lines": [{**LINE, "Amount": "1"}]}
ABOVE = {"platform", "reseller"}
AROUND = {*ABOVE, "customer"}
KEYS = {"platform", "customer"}
OF_PARTNER = {"platform", "distributor", "sub_reseller"}
NO_UIN = {"Uin": NOBODY}
NO_PARTNER = {"PartnerUin": NOBODY}
NO_PRINCIPAL = {"PrincipalId": NOBODY}

TARGETS = {
    "AdjustUsage": Target(ABOVE, with_(usage, Amount="-1")),
    "AdjustVoucherQuota": Target(
        OF_PARTNER, lambda h: {"PartnerUin": h.sub_reseller.uin, "Amount": "1"}, NO_PARTNER
    ),
    "AttachPolicy": Target({"reseller"}, principal, NO_PRINCIPAL),
    "CaptureHold": Target(ABOVE, hold),
    "ChargeVouchers": Target(ABOVE, with_(funded, **PURCHASE), item="Charges"),
    "CreateAccount": Target(
        OF_PARTNER,
        lambda h: {"ParentUin": h.sub_reseller.uin, "Kind": "customer", "Name": "X"},
        {"ParentUin": NOBODY},
    ),
    "CreateCredential": Target(KEYS, lambda h: {"Uin": h.customer.uin}, NO_UIN),
    "DescribeBalanceAt": Target(AROUND, lambda h: {**voucher(h), "At": at()}),
    "DescribeCredentials": Target(KEYS, lambda h: {"Uin": h.customer.uin}, NO_UIN),
    "DescribeJournal": Target(AROUND, voucher),
    "DescribeVouchers": Target(AROUND, of_customer),
    "DetachPolicy": Target({"reseller"}, attached, NO_PRINCIPAL),
    "DisableCredential": Target(KEYS, spare_key, {"SecretId": "AKIDNOBODY"}),
    "ExplainCharge": Target(AROUND, with_(of_customer, **PURCHASE)),
    "HoldVouchers": Target(ABOVE, with_(of_customer, **PURCHASE, ExpireTime=LATER)),
    "InvalidateVouchers": Target({"platform"}, voucher, item="Vouchers"),
    "IssueVouchers": Target(
        ABOVE, with_(of_customer, Amount="1", ExpireTime=LATER), item="Vouchers"
    ),
    "MoveCustomer": Target(ABOVE, lambda h: {**of_customer(h), "ParentUin": h.reseller.uin}),
    "RefundUsage": Target(ABOVE, usage),
    "ReleaseHold": Target(ABOVE, hold),
    "SetPolicies": Target(OF_PARTNER, lambda h: {"PartnerUin": h.sub_reseller.uin}, NO_PARTNER),
    "SimulatePolicy": Target({"reseller"}, with_(sub_user, Operation="finance:X"), NO_PRINCIPAL),
    "VerifyLedger": Target(ABOVE, of_customer),
    "WithdrawVouchers": Target(ABOVE, voucher, item="Vouchers"),
    "DescribeCustomerVoucherUsageDetails": Target(
        {"reseller"}, with_(voucher, Page=1, PageSize=10)
    ),
    "DescribeVoucherUsageDetails": Target(
        {"customer"},
        lambda h: {"VoucherId": str(spent_voucher(h)), "Limit": 1, "Offset": 1},
        {"VoucherId": "NOBODYS"},
    ),
    "AssumeRole": Target(
        {"reseller"},
        lambda h: {"RoleArn": make_role(h, h.reseller), "RoleSessionName": "night"},
        {"RoleArn": "qcs::cam::uin/1:roleName/nobodys"},
    ),
}

# They are about the caller's own, about everybody's, or about everything.
NO_TARGET = {
    "CreatePolicy", "CreateRole", "CreateSubUser", "DescribeAccounts", "DescribeAudit",
    "DescribePolicies", "DescribeProducts", "PutProducts",
}  # fmt: skip

# Of the keys of the account itself nobody but the account and the platform disposes.
OF_THE_ACCOUNT = {"CreateCredential", "DisableCredential"}


def answer(house: House, action: Action, by: Account, target: Target, members: Any) -> Any:
    """What a call, or the one item of a call, answers."""
    asked = dict(members)
    if any(name == "ClientToken" for name in action.request.__struct_fields__) or target.item:
        asked["ClientToken"] = token()
    if target.item:
        asked = {target.item: [asked]}
    api = Api(action.service, action.version, action.name, "", {})
    body, common = json.dumps(asked).encode(), {"Token": by.token}
    found = ask(house.address, Draft(api, key=by.key, body=body, common=common)).response
    found.pop("RequestId")
    return found["Results"][0] if target.item and "Results" in found else found


@pytest.mark.parametrize("name", TARGETS)
def test_what_is_reached(house: House, name: str) -> None:
    action, target = ACTIONS[name], TARGETS[name]
    neighbour = house.account("customer", house.reseller)
    callers = {**house.of_every_kind, "neighbour": neighbour}
    for relation, main in callers.items():
        kind = "customer" if relation == "neighbour" else relation
        if kind not in {role.value for role in action.roles}:
            continue  # not let in at all: see the other matrix
        identities = {
            "account": main,
            "sub-user": make_sub_user(house, main, "*"),
            "session": make_session(house, main, make_role(house, main, "*")),
        }
        for identity, by in identities.items():
            members = target.members(house)
            reached = answer(house, action, by, target, members)
            nothing = answer(house, action, by, target, {**members, **target.absent})
            is_lesser = identity != "account" and relation == "customer"
            if relation not in target.who or (is_lesser and name in OF_THE_ACCOUNT):
                assert reached == nothing, (relation, identity)
            else:
                assert "Error" not in reached, (relation, identity, reached)
                assert reached != nothing, (relation, identity)


def test_every_action_of_ours_has_its_place() -> None:
    ours = {action.name for action in all_actions() if action.service in ("counterfoil", "sts")}
    assert TARGETS.keys() & NO_TARGET == set()
    assert ours <= TARGETS.keys() | NO_TARGET
    assert TARGETS.keys() <= ACTIONS.keys()
