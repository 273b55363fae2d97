"""A good request of every action, as the examples of the declarations have it."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from string import Template
from typing import Any

from tests.contract.house import Account, send
from tests.contract.raw import KEY_OF, Api

from counterfoil.actions.declaration import Action
from counterfoil.ledger.sample import SampleKey
from counterfoil.wire.parameters import members_of
from counterfoil.wire.routes import all_actions


@dataclass(frozen=True)
class Seed:
    """A request that `key` signs; `members` are those of a JSON body."""

    api: Api
    key: SampleKey
    members: dict[str, Any]


def seeds(address: str) -> list[Seed]:
    """One for every action; what an example builds on is done now, on a server of the sample."""
    return [_seed(address, action) for action in all_actions()]


def flattened(value: Any, path: str = "") -> dict[str, str]:
    """`{'A': [{'B': 1}]}` → `{'A.0.B': '1'}`, as queries and forms write members."""
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        inner = [flattened(member, f"{path}.{name}") for name, member in pairs]
        return {name.lstrip("."): text for fields in inner for name, text in fields.items()}
    return {path: str(value)}


def _seed(address: str, action: Action) -> Seed:
    known: dict[str, Any] = {}
    for step in action.example_needs:
        needed = _written(step.action, Template(step.arguments).substitute(known))
        answer = send(address, step.action.name, Account(0, needed.key), needed.members)
        variable = re.sub("(?<=[a-z])(?=[A-Z])", "_", step.member).upper()
        known[variable] = next(_found(answer, step.member))
    return _written(action, Template(action.example).substitute(known))


def _written(action: Action, command: str) -> Seed:
    """The request that `counterfoil call SERVICE ACTION` sends with these arguments."""
    words = shlex.split(command)
    assert words[0] == "--profile"
    fields = dict(word.split("=", 1) for word in words[2:])
    members = members_of(fields, action.request)
    api = Api(action.service, action.version, action.name, words[1], {})
    return Seed(api, KEY_OF[words[1]], members)


def _found(answer: Any, name: str) -> Iterator[Any]:
    """The values of the members with this name, however deep."""
    if isinstance(answer, dict) and name in answer:
        yield answer[name]
    if isinstance(answer, dict | list):
        for member in answer.values() if isinstance(answer, dict) else answer:
            yield from _found(member, name)
