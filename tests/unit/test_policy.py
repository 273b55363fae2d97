"""Policy documents: what they may say, and what they allow."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.access.policy import (
    SERVICES,
    Statement,
    Trusted,
    Verdict,
    judge,
    matches,
    operation_of,
    read_policy,
    read_trust,
)
from counterfoil.domain import errors
from counterfoil.wire.routes import all_actions

GOOD = {"effect": "allow", "action": ["finance:*"], "resource": ["*"]}
TRUST = {
    "effect": "allow",
    "action": "name/sts:AssumeRole",
    "principal": {"qcs": ["qcs::cam::uin/100000000001:root"]},
}
OPERATION = "finance:DescribeThing"


def text(*statements: Any, **members: Any) -> str:
    return json.dumps({"version": "2.0", "statement": list(statements), **members})


def test_a_document_reads_as_its_statements() -> None:
    deny = {"effect": "deny", "action": "name/counterfoil:Move*", "resource": "*"}
    assert read_policy(text(GOOD, deny), 7) == (
        Statement(is_allow=True, patterns=("finance:*",), number=0, policy_id=7),
        Statement(is_allow=False, patterns=("counterfoil:Move*",), number=1, policy_id=7),
    )


def test_one_statement_needs_no_list() -> None:
    assert read_policy(json.dumps({"version": "2.0", "statement": GOOD})) == read_policy(text(GOOD))


@pytest.mark.parametrize(
    ("spoilt", "kind", "element"),
    [
        ({"condition": {"ip_equal": {"qcs:ip": "10.0.0.1"}}}, errors.BadCondition, "condition"),
        ({"principal": {"qcs": ["*"]}}, errors.BadPrincipal, "principal"),
        ({"notAction": ["finance:*"]}, errors.BadDocument, "notAction"),
        *(({"effect": e}, errors.BadEffect, "effect") for e in ("Allow", "", None, [], {}, 1)),
        *(
            ({"action": a}, errors.BadAction, "action")
            for a in (
                [], None, 1, [1], "", "finance", "billing:Describe*", "finance:a b", "cvm:*",
                ["finance:*", "f*:*"], "FINANCE:*", "name/name/finance:*", "finance:*\n", {},
            )
        ),
        *(
            ({"resource": r}, errors.BadResource, "resource")
            for r in ([], None, "qcs::cvm:::*", ["*", "x"], ["*", "*"], {}, 1)
        ),
    ],
)  # fmt: skip
def test_what_is_not_evaluated_is_refused(
    spoilt: dict[str, Any], kind: type[errors.BadDocument], element: str
) -> None:
    with pytest.raises(errors.BadDocument) as caught:
        read_policy(text(GOOD, {**GOOD, **spoilt}))
    assert type(caught.value) is kind
    assert caught.value.value == f"statement.1.{element}"


@pytest.mark.parametrize("element", GOOD)
def test_every_element_has_to_be_there(element: str) -> None:
    with pytest.raises(errors.BadDocument) as caught:
        read_policy(text({name: value for name, value in GOOD.items() if name != element}))
    assert caught.value.value == f"statement.0.{element}"


@pytest.mark.parametrize(
    "document",
    [
        "", "null", "[]", "1", '"x"', "{", "{}", text(), text(1), text(None), text([GOOD]),
        text(GOOD, version="1.0"), text(GOOD, version=2.0), text(GOOD, id="x"),
        '{"version":"2.0","statement":[' + json.dumps(GOOD) + '],"version":"2.0"}',
        text(GOOD).replace('"effect"', '"effect":"deny","effect"'),
        "[" * 6_000, text(GOOD) + " " * 6_144, text(GOOD) + "\0",
    ],
)  # fmt: skip
def test_what_is_no_document(document: str) -> None:
    with pytest.raises(errors.BadDocument):
        read_policy(document)


def test_trust_names_accounts_and_sub_users() -> None:
    names = ["qcs::cam::uin/1:root", "qcs::cam::uin/2:uin/3"]
    trusted = read_trust(text({**TRUST, "principal": {"qcs": names}}))
    assert trusted == {Trusted(1, None), Trusted(2, 3)}
    asked = [(1, 1), (1, 9), (2, 3), (2, 2), (3, 3)]
    assert [any(one.includes(*who) for one in trusted) for who in asked] == [
        True,
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("spoilt", "kind"),
    [
        ({"effect": "deny"}, errors.BadEffect),
        ({"action": "sts:*"}, errors.BadAction),
        ({"action": ["sts:AssumeRole", "finance:*"]}, errors.BadAction),
        ({"resource": "*"}, errors.BadResource),
        ({"condition": {}}, errors.BadCondition),
        *(
            ({"principal": p}, errors.BadPrincipal)
            for p in (
                "*", [], {}, {"qcs": []}, {"qcs": "*"}, {"service": ["cvm.qcloud.com"]}, {"qcs": 1},
                {"qcs": "qcs::cam::uin/x:root"}, {"qcs": "qcs::cam::uin/1:role/2"},
                {"qcs": "qcs::cam::uin/1:root", "service": "x"},
                {"qcs": ["qcs::cam::uin/1:root\n"]},
            )
        ),
    ],
)  # fmt: skip
def test_trust_says_nothing_else(spoilt: dict[str, Any], kind: type[errors.BadDocument]) -> None:
    with pytest.raises(errors.BadDocument) as caught:
        read_trust(text({**TRUST, **spoilt}))
    assert type(caught.value) is kind


def test_every_service_has_a_name_in_policies() -> None:
    called = {operation_of(action.service, action.name).split(":")[0] for action in all_actions()}
    assert called <= SERVICES
    assert operation_of("billing", "X") == "finance:X"


letters = st.text("ab*:", max_size=12)
statements = st.lists(
    st.builds(
        Statement,
        is_allow=st.booleans(),
        patterns=st.lists(letters, min_size=1, max_size=3).map(tuple),
        number=st.integers(0, 5),
    ),
    max_size=6,
)


@given(letters, st.text("ab:", max_size=12))
def test_a_star_is_any_text(pattern: str, operation: str) -> None:
    expression = ".*".join(map(re.escape, pattern.split("*")))
    assert matches(pattern, operation) is (re.fullmatch(expression, operation) is not None)


def test_a_spiteful_pattern_takes_no_time() -> None:
    assert not matches("a*" * 3_000 + "b", "a" * 60)


@given(statements, st.text("ab:", max_size=6))
def test_a_denial_wins_whatever_the_order(said: list[Statement], operation: str) -> None:
    meant = [statement for statement in said if statement.covers(operation)]
    verdict = judge(said, operation)
    assert verdict.is_allowed is (bool(meant) and all(one.is_allow for one in meant))
    assert (verdict.statement is None) is (not meant)
    if verdict.statement is not None:
        assert verdict.statement in meant
        assert verdict.statement.is_allow is verdict.is_allowed
    assert judge(said[::-1], operation).is_allowed is verdict.is_allowed


@given(statements, statements, st.text("ab:", max_size=6))
def test_a_policy_more_allows_only_what_it_names(
    said: list[Statement], more: list[Statement], operation: str
) -> None:
    if not any(one.covers(operation) for one in more):
        assert judge([*said, *more], operation).is_allowed is judge(said, operation).is_allowed
    elif not all(one.is_allow for one in more if one.covers(operation)):
        assert not judge([*said, *more], operation).is_allowed


def test_nothing_said_is_not_allowed() -> None:
    assert judge([], OPERATION) == Verdict(is_allowed=False, statement=None)
    (said,) = read_policy(text(GOOD))
    assert judge([said], OPERATION) == Verdict(is_allowed=True, statement=said)
    assert judge([said], "counterfoil:DescribeThing") == Verdict(is_allowed=False)
