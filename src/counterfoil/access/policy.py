"""CAM policies, version 2.0: what a document may say, and what policies allow. Pure.

An operation is `service:Action`, in the services' own names for access: what billing does is
`finance:…`. Rights are granted by operation alone, so the one resource there is is `*`. What else a
document may hold elsewhere (conditions, principals, single resources) is refused when it is
written: a policy must not be thought to do what it doesn't.

Source: CAM's element reference, tencentcloud.com/document/product/598/10603.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from counterfoil.domain.errors import (
    BadAction,
    BadCondition,
    BadDocument,
    BadEffect,
    BadPrincipal,
    BadResource,
)

VERSION = "2.0"
DOCUMENT_LENGTH_MAX = 6_144
ASSUME_ROLE = "sts:AssumeRole"

# What policies call the services, where that is not the name they have on the wire.
_NAMES = {"billing": "finance"}
SERVICES = frozenset({"finance", "intlpartnersmgt", "counterfoil", "sts"})

_PATTERN = re.compile(rf"(?:name/)?((?:{'|'.join(sorted(SERVICES))}):[A-Za-z0-9*]+)", re.ASCII)
_PRINCIPAL = re.compile(r"qcs::cam::uin/([0-9]{1,16}):(?:root|uin/([0-9]{1,16}))", re.ASCII)

_ERRORS: dict[str, type[BadDocument]] = {
    "action": BadAction,
    "condition": BadCondition,
    "effect": BadEffect,
    "principal": BadPrincipal,
    "resource": BadResource,
}


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that allows operations or denies them; `number` is its place in its document,
    from 0, `policy_id` None where that is not stored."""

    is_allow: bool
    patterns: tuple[str, ...]
    number: int
    policy_id: int | None = None

    def covers(self, operation: str) -> bool:
        """Whether it is about an operation."""
        return any(matches(pattern, operation) for pattern in self.patterns)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an operation is allowed, and which statement decided; None where none is about it."""

    is_allowed: bool
    statement: Statement | None = None


@dataclass(frozen=True, slots=True)
class Trusted:
    """Who may assume a role: one identity `uin` of an account, or with None any of them."""

    main_uin: int
    uin: int | None

    def includes(self, main_uin: int, uin: int) -> bool:
        """Whether an identity of an account is meant."""
        return self.main_uin == main_uin and self.uin in (None, uin)


def operation_of(service: str, action: str) -> str:
    """What policies call an action: `('billing', 'X')` → `'finance:X'`."""
    return f"{_NAMES.get(service, service)}:{action}"


def judge(statements: Iterable[Statement], operation: str) -> Verdict:
    """A statement that denies wins over any that allows; without either it is not allowed."""
    meant = [statement for statement in statements if statement.covers(operation)]
    deciding = next((statement for statement in meant if not statement.is_allow), None)
    deciding = deciding or next(iter(meant), None)
    return Verdict(deciding is not None and deciding.is_allow, deciding)


def matches(pattern: str, operation: str) -> bool:
    """Whether a pattern, in which `*` is any text, is that of an operation. Takes time linear in
    both: the leftmost place for each part is as good as any."""
    first, *others = pattern.split("*")
    if not others:
        return pattern == operation
    *middle, last = others
    if not (operation.startswith(first) and operation.endswith(last)):
        return False
    begin, end = len(first), len(operation) - len(last)
    for part in middle:
        found = operation.find(part, begin, max(begin, end))
        if found < 0:
            return False
        begin = found + len(part)
    return begin <= end


def read_policy(text: str, policy_id: int | None = None) -> tuple[Statement, ...]:
    """The statements of a policy document.

    Raises:
        BadDocument: it is no such document; a subclass where one element of it is to blame.
    """
    read = []
    for number, path, members in _statements(text, {"effect", "action", "resource"}):
        is_allow = _effect(members, path, ("allow", "deny")) == "allow"
        patterns = tuple(_patterns(members, path))
        if _listed(members["resource"]) != ["*"]:
            raise _fault(path, "resource")
        read.append(Statement(is_allow, patterns, number, policy_id))
    return tuple(read)


def read_trust(text: str) -> frozenset[Trusted]:
    """Who may assume a role, from the policy document that says so. Its principals are
    `qcs::cam::uin/ACCOUNT:root` and `qcs::cam::uin/ACCOUNT:uin/SUB-USER`.

    Raises:
        BadDocument: as for `read_policy`.
    """
    trusted = set()
    for _, path, members in _statements(text, {"effect", "action", "principal"}):
        _effect(members, path, ("allow",))
        if set(_patterns(members, path)) != {ASSUME_ROLE}:
            raise _fault(path, "action")
        trusted |= set(_trusted(members, path))
    return frozenset(trusted)


def _statements(text: str, elements: Collection[str]) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Number, path and members of each statement, which has exactly these elements."""
    document = _json(text)
    if not isinstance(document, dict) or not document.keys() <= {"version", "statement"}:
        raise BadDocument("PolicyDocument", "version, statement")
    if document.get("version") != VERSION:
        raise BadDocument("PolicyDocument", "version")
    statements = _listed(document.get("statement"))
    if not statements:
        raise BadDocument("PolicyDocument", "statement")
    for number, members in enumerate(statements):
        path = f"statement.{number}"
        if not isinstance(members, dict):
            raise BadDocument("PolicyDocument", path)
        for element in sorted(members.keys() ^ set(elements)):
            raise _fault(path, element)
        yield number, path, members


def _json(text: str) -> Any:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) < len(pairs):
            raise ValueError("a member is there twice")
        "".join(members).encode()  # half a surrogate pair is a ValueError: no answer could name it
        return members

    if len(text) > DOCUMENT_LENGTH_MAX or "\0" in text:
        raise BadDocument("PolicyDocument", "PolicyDocument")
    try:
        return json.loads(text, object_pairs_hook=once)
    except (ValueError, RecursionError):
        raise BadDocument("PolicyDocument", "PolicyDocument") from None


def _effect(members: dict[str, Any], path: str, known: Collection[str]) -> str:
    effect = members["effect"]
    if not isinstance(effect, str) or effect not in known:
        raise _fault(path, "effect")
    return effect


def _patterns(members: dict[str, Any], path: str) -> Iterator[str]:
    """The patterns of operations, without the prefix `name/` that they may have."""
    actions = _listed(members["action"])
    if not actions:
        raise _fault(path, "action")
    for action in actions:
        known = _PATTERN.fullmatch(action) if isinstance(action, str) else None
        if known is None and action != "*":
            raise _fault(path, "action")
        yield known[1] if known else "*"


def _trusted(members: dict[str, Any], path: str) -> Iterator[Trusted]:
    principal = members["principal"]
    names = _listed(principal.get("qcs")) if isinstance(principal, dict) else []
    if not names or principal.keys() != {"qcs"}:
        raise _fault(path, "principal")
    for name in names:
        known = _PRINCIPAL.fullmatch(name) if isinstance(name, str) else None
        if known is None:
            raise _fault(path, "principal")
        yield Trusted(int(known[1]), int(known[2]) if known[2] else None)


def _listed(value: Any) -> list[Any]:
    """Where one value may stand in place of a list of one."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _fault(path: str, element: str) -> BadDocument:
    return _ERRORS.get(element, BadDocument)("PolicyDocument", f"{path}.{element}")
