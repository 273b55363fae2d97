"""Whatever the service of our own can do, the library can: both reach the same use cases, and every
method of the library is called by a test."""

import ast
import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from tests.tidy.project import ROOT, SOURCE, files_of

from counterfoil.actions.declaration import Action
from counterfoil.ledger.api import Ledger
from counterfoil.ledger.api.administration import Administration
from counterfoil.ledger.api.reading import Reading
from counterfoil.ledger.book import Book
from counterfoil.wire.routes import all_actions

ROOMS = {part.__name__: part for part in (Ledger, Administration, Reading)}

# The parts of the book, and what makes changes: writes go through `process`, commands name them.
_PARTS = re.compile(r"^        self\.(\w+) = (\w+)\(", re.MULTILINE)
PARTS = {name for name, _ in _PARTS.findall(inspect.getsource(Book))} - {"process", "set_up"}


def commands(tree: ast.Module) -> Iterator[str]:
    """The writes and changes of `ledger` that a module imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("counterfoil.ledger."):
            module = import_module(str(node.module))
            for name in (alias.name for alias in node.names):
                if {"decide", "apply"} & set(dir(getattr(module, name))):
                    yield name


def questions(tree: ast.Module) -> Iterator[str]:
    """What a module asks of a part of the book: `history.of_voucher`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, (ast.Attribute, ast.Name)):
            part = node.value.attr if isinstance(node.value, ast.Attribute) else node.value.id
            if part in PARTS:
                yield f"{part}.{node.attr}"


def use_cases(path: Path) -> set[str]:
    """The use cases of the ledger that a module reaches."""
    tree = ast.parse(path.read_text())
    return {*commands(tree), *questions(tree)}


REACHED = {
    use_case
    for path in files_of(".py", under=SOURCE / "ledger" / "api")
    for use_case in use_cases(path)
}


# What only the wire has: who may sign requests and call what (a program acts as whom it names), and
# Tencent's own lists, in whose place the library has vouchers, accounts and pools.
WIRE_ONLY = {
    "AssumeRole", "AttachPolicy", "CreatePolicy", "CreateRole", "CreateSubUser", "DescribeAudit",
    "DescribeCredentials", "DescribePolicies", "DetachPolicy", "SimulatePolicy",
    "DescribeCustomerOwnVoucherList", "DescribeCustomerVoucherList", "DescribeVoucherInfo",
    "QueryVoucherAmountByUin", "QueryVoucherListByUin", "QueryVoucherPool",
}  # fmt: skip
MIRRORED = [action for action in all_actions() if action.name not in WIRE_ONLY]


def test_what_only_the_wire_has_exists() -> None:
    assert {action.name for action in all_actions()} >= WIRE_ONLY


@pytest.mark.parametrize("action", [pytest.param(one, id=one.name) for one in MIRRORED])
def test_the_library_reaches_what_an_action_does(action: Action) -> None:
    own = use_cases(Path(inspect.getfile(action.run)))
    assert own, "it reaches no use case, as far as this test sees"
    assert own <= REACHED


METHODS = {
    f"{name}.{method}"
    for name, part in ROOMS.items()
    for method, _ in inspect.getmembers(part, inspect.iscoroutinefunction)
    if not method.startswith("_")
}


@pytest.mark.parametrize("method", sorted(METHODS))
def test_a_method_is_called_by_a_test_and_explains_itself(method: str) -> None:
    room, _, name = method.partition(".")
    documented = inspect.getdoc(getattr(ROOMS[room], name)) or ""
    assert documented
    tests = [
        path.read_text()
        for path in files_of(".py", under=ROOT / "tests" / "store")
        if path.stem.startswith(("test_ledger_", "library"))
    ]
    assert any(re.search(rf"\.{name}\b", text) for text in tests)
