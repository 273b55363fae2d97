"""Policy documents that no action takes, and how they are refused."""

import json
from collections.abc import Mapping
from typing import Any

from tests.contract.house import Refusal
from tests.contract.house_rules import Fault

from counterfoil.domain import errors

_ERRORS: dict[str, tuple[type[errors.BadDocument], str]] = {
    "condition": (errors.BadCondition, "ConditionError"),
    "principal": (errors.BadPrincipal, "PrincipalError"),
    "effect": (errors.BadEffect, "EffectError"),
    "action": (errors.BadAction, "ActionError"),
    "resource": (errors.BadResource, "ResourceError"),
}


def bad_document(element: str = "PolicyDocument") -> Refusal:
    _, code = _ERRORS.get(element.rpartition(".")[2], (None, "PolicyDocumentError"))
    return f"InvalidParameter.{code}", f"`{element}` field of policy document invalid."


def document_faults(good: str, spoilt: Mapping[str, Any]) -> list[Fault]:
    """A fault for each element that is spoilt, and for what is no document at all."""
    statement = json.loads(good)["statement"][0]
    faults: list[Fault] = []
    for element, value in spoilt.items():
        text = json.dumps({"version": "2.0", "statement": [{**statement, element: value}]})
        kind, _ = _ERRORS[element]
        faults.append((kind, {"PolicyDocument": text}, bad_document(f"statement.0.{element}")))
    return [
        *faults,
        (errors.BadDocument, {"PolicyDocument": "{"}, bad_document()),
        (errors.BadDocument, {"PolicyDocument": good + " " * 6_144}, bad_document()),
        (errors.BadDocument, {"PolicyDocument": "[" * 6_000}, bad_document()),
        (
            errors.BadDocument,
            {"PolicyDocument": good.replace('"effect"', r'"\ud800"')},
            bad_document(),
        ),
        (
            errors.BadDocument,
            {"PolicyDocument": good.replace("2.0", "1.0")},
            bad_document("version"),
        ),
    ]
