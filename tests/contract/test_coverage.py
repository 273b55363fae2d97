"""Which client asks which action in which way: the table in `docs/fidelity.md` is what these tests
run, no more and no less."""

import re
from importlib import import_module
from types import ModuleType

import pytest
from tests.contract.asking import WAYS, Way
from tests.contract.test_declarations import FIDELITY, OFFICIAL

from counterfoil.actions.declaration import Action

CLIENTS = {"python": "P", "async-python": "A", "node": "N", "tccli": "T"}
HEADING = "## Nine actions, four clients, eight ways"


def mode(way: Way) -> str:
    """How a client signs and sends, as the table's head calls it."""
    signature = "TC3" if way.sends_json or way.signature.startswith("TC3") else way.signature
    unsigned = ", unsigned payload" if way.is_payload_unsigned else ""
    return f"{signature} {way.method}{unsigned}"


MODES = list(dict.fromkeys(mode(way) for way in WAYS))


def contract_tests(action: Action) -> ModuleType:
    """The contract tests of an action."""
    stem = re.sub(r"(?<!^)([A-Z])", r"_\1", action.name).lower()
    return import_module(f"tests.contract.test_{stem}")


def ways_of(module: ModuleType, prefix: str) -> set[Way]:
    """The ways in which the tests run whose names begin so."""
    marks = [
        mark
        for name, test in vars(module).items()
        if name.startswith(prefix)
        for mark in getattr(test, "pytestmark", [])
    ]
    return {way for mark in marks if mark.args[0] == "way" for way in mark.args[1]}


def covered(action: Action) -> set[Way]:
    """The ways in which both an answer and every error of the action are asked for."""
    module = contract_tests(action)
    assert module.SEED.action == action.name
    answers = ways_of(module, "test_every_client_gets_")
    return answers & ways_of(module, "test_every_client_reads_every_error")


def table() -> str:
    """Which clients ask each action in each way."""
    rows = [["Action", *MODES], ["---"] * (len(MODES) + 1)]
    for action in OFFICIAL:
        ways = covered(action)
        cells = [
            " ".join(CLIENTS[way.client] for way in WAYS if way in ways and mode(way) == one)
            for one in MODES
        ]
        rows.append([f"`{action.name}`", *cells])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def test_the_table_is_what_the_tests_run() -> None:
    section = FIDELITY.read_text().partition(HEADING)[2].partition("\n## ")[0]
    shown = "\n".join(line for line in section.splitlines() if line.startswith("|"))
    assert shown == table(), table()


@pytest.mark.parametrize("action", OFFICIAL, ids=lambda action: action.name)
def test_every_client_asks_every_action_in_every_way_it_has(action: Action) -> None:
    assert covered(action) == set(WAYS)
