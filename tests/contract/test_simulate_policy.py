"""SimulatePolicy: the decision, and the statement that made it."""

import json
from typing import Any

from tests.contract.access import attach, document, make_sub_user
from tests.contract.documents import document_faults
from tests.contract.house import House
from tests.contract.house_rules import (
    BAD_TEXTS,
    EVERYONE,
    NO_SUCH_OBJECT,
    check_callers,
    not_a_text,
)
from tests.contract.reading import check_refusals, missing
from tests.contract.test_create_policy import SPOILT

from counterfoil.actions.counterfoil_20261121.simulate_policy import ACTION
from counterfoil.domain import errors

OPERATION = "finance:DescribeBillDetail"


def decided(house: House, **members: Any) -> tuple[str, int | None, int | None]:
    answer = house.ask(ACTION.name, house.reseller, **{"Operation": OPERATION, **members})
    return answer["Decision"], answer["PolicyId"], answer["Statement"]


def test_a_document_is_judged_before_it_is_stored(house: House) -> None:
    said = [
        {"effect": effect, "action": action, "resource": "*"}
        for effect, action in [
            ("allow", "counterfoil:*"),
            ("allow", "finance:*"),
            ("deny", "finance:*Vouchers"),
        ]
    ]
    text = json.dumps({"version": "2.0", "statement": said})
    for operation, decision in {
        OPERATION: ("allowed", None, 1),
        "finance:DescribeVouchers": ("denied", None, 2),
        "intlpartnersmgt:DescribeVouchers": ("denied", None, None),
    }.items():
        assert decided(house, PolicyDocument=text, Operation=operation) == decision


def test_what_is_attached_is_judged_and_the_policy_named(house: House) -> None:
    sub_user = make_sub_user(house, house.reseller)
    assert decided(house, PrincipalId=sub_user.uin) == ("denied", None, None)
    allowing = attach(house, house.reseller, sub_user.uin, "finance:*")
    assert decided(house, PrincipalId=sub_user.uin) == ("allowed", allowing, 0)
    together = {"PrincipalId": sub_user.uin, "PolicyDocument": document("*", effect="deny")}
    assert decided(house, **together) == ("denied", None, 0)
    denying = attach(house, house.reseller, sub_user.uin, "finance:*Detail", effect="deny")
    assert decided(house, PrincipalId=sub_user.uin) == ("denied", denying, 0)


def test_refusals(house: House) -> None:
    foreign = make_sub_user(house, house.distributor).uin
    check_refusals(
        house,
        ACTION,
        {"Operation": OPERATION, "PolicyDocument": document("finance:*")},
        [
            (
                errors.Absent,
                {"PolicyDocument": "", "PrincipalId": None},
                missing("PolicyDocument"),
            ),
            *((errors.BadText, {"Operation": text}, not_a_text("Operation")) for text in BAD_TEXTS),
            *document_faults(document("finance:*"), SPOILT),
            *(
                (errors.NotFound, {"PrincipalId": uin}, NO_SUCH_OBJECT)
                for uin in (0, house.reseller.uin, foreign)
            ),
        ],
    )


def test_who_may_call(house: House) -> None:
    check_callers(house, ACTION, EVERYONE)
