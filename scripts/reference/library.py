"""The page of the Python library, from its signatures and docstrings."""

import ast
import inspect
import re
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import is_dataclass
from typing import Any, get_args, get_origin, get_type_hints

from msgspec import Struct

import counterfoil
from counterfoil import errors
from counterfoil.ledger.api import Ledger
from counterfoil.ledger.api.administration import Administration
from counterfoil.ledger.api.arguments import WORDS
from counterfoil.ledger.api.reading import Reading
from reference.markdown import code, table

ROOMS: dict[str, type] = {
    "ledger": Ledger,
    "ledger.read": Reading,
    "ledger.admin": Administration,
}
VALUES: list[type] = [
    counterfoil.VoucherFacts,
    counterfoil.Terms,
    counterfoil.Purchase,
    counterfoil.Line,
    counterfoil.NamedProduct,
]
LINE_LENGTH_MAX = 100


def library_page() -> Iterator[str]:
    """The parts of the page."""
    yield (
        "How to begin: [embed the ledger in a Python program](../how-to/embed-the-ledger.md). What "
        "each method means is said at length by [the action](index.md#actions-served) that does "
        "the same over HTTP."
    )
    for name, room in ROOMS.items():
        yield f"## {name}"
        yield _prose(room.__doc__)
        for function in _functions(room):
            yield from _method(name, room, function)
    yield "## Values"
    yield "What methods are handed, from `counterfoil`. Amounts are whole numbers of 1e-8 USD."
    for value in VALUES:
        yield f"### {value.__name__}"
        yield _prose(value.__doc__)
        rows = [[code(name), code(kind), default] for name, kind, default in _fields(value)]
        yield table(["Field", "Type", "Default"], rows)
        yield from _words(value)
    yield "## Answers"
    yield "What methods answer, and what is inside."
    yield table(
        ["Answer", "What it is", "Fields"],
        [
            [
                f"`{answer.__name__}`",
                _prose(answer.__doc__).replace("\n\n", " "),
                "<br>".join(code(f"{name}: {kind}") for name, kind, _ in _fields(answer)),
            ]
            for answer in sorted(_answers(), key=lambda answer: answer.__name__)
        ],
    )
    yield "## Errors"
    yield "In `counterfoil.errors`; whoever catches one also catches those below it."
    yield table(["Error", "Below", "When"], _errors())


def _method(room_name: str, room: type, function: ast.AsyncFunctionDef) -> Iterator[str]:
    documented = ast.get_docstring(function)
    if documented is None:
        sys.exit(f"{room.__module__}: {room.__name__}.{function.name} has no docstring")
    opens = function.name == "open"
    name = "Ledger.open" if opens else f"{room_name}.{function.name}"
    yield f"### {name}"
    yield f"```text\n{_signature(name, function, opens=opens)}\n```"
    said, _, raised = documented.partition("\n\nRaises:\n")
    yield _prose(said)
    if raised:
        found = re.findall(r"^    (\w+): (.+(?:\n        .+)*)", raised, re.MULTILINE)
        yield table(["Raises", "When"], [[f"`{name}`", _prose(when)] for name, when in found])


def _signature(name: str, function: ast.AsyncFunctionDef, *, opens: bool) -> str:
    function.args.args = function.args.args[1:]  # without `self` or `cls`
    asked = re.sub(r"(: (?:[^=,\[]|\[[^\]]*\])+)=", r"\1 = ", ast.unparse(function.args))
    given = "Ledger" if opens else ast.unparse(function.returns or ast.Constant(None))
    given = given.removeprefix("results.")
    word = "async with" if opens else "await"
    line = f"{word} {name}({asked}) -> {given}"
    if len(line) <= LINE_LENGTH_MAX:
        return line
    parts = re.split(r", (?=\w+: |\*)", asked)
    return "\n".join([f"{word} {name}(", *(f"    {part}," for part in parts), f") -> {given}"])


def _functions(room: type) -> Iterator[ast.AsyncFunctionDef]:
    """The public methods, as written."""
    (defined,) = ast.parse(textwrap.dedent(inspect.getsource(room))).body
    for node in ast.walk(defined):
        if isinstance(node, ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield node


def _answers() -> list[type]:
    """The classes with fields that methods answer with, and those of their fields."""
    found: dict[type, None] = {}
    waiting = [
        get_type_hints(getattr(room, function.name)).get("return")
        for room in ROOMS.values()
        for function in _functions(room)
        if function.name != "open"
    ]
    while waiting:
        one = waiting.pop(0)
        waiting += get_args(one)
        is_answer = isinstance(one, type) and (is_dataclass(one) or issubclass(one, Struct))
        if is_answer and one not in found and one not in VALUES:
            found[one] = None
            waiting += get_type_hints(one).values()
        elif is_dataclass(get_origin(one)):  # `Journal[Posting]`
            waiting.append(get_origin(one))
    return list(found)


def _fields(value: type) -> Iterator[tuple[str, str, str]]:
    """Name, type and default of each field."""
    for name, parameter in inspect.signature(value).parameters.items():
        has_default = parameter.default is not parameter.empty
        shown = getattr(parameter.default, "value", parameter.default)  # an enum's word
        default = f"`{shown!r}`" if has_default else ""
        yield name, _type(parameter.annotation), default


def _type(annotation: Any) -> str:
    text = annotation.__name__ if isinstance(annotation, type) else str(annotation)
    if hasattr(annotation, "__args__"):
        text = str(annotation)
    # A bar would end the cell of the table.
    return re.sub(r"(?:\w+\.)+(\w+)", r"\1", text).replace(" | ", " or ").replace("~", "")


def _words(value: type) -> Iterator[str]:
    lines = [
        f"- `{field}`: {', '.join(f'`{word}`' for word in words if word)}"
        for field, words in WORDS.get(value, {}).items()
    ]
    if lines:
        yield "\n".join(lines)


def _errors() -> Iterator[list[str]]:
    for name, error in vars(errors).items():
        if isinstance(error, type):
            above = error.__bases__[0]
            is_top = above is Exception
            yield [f"`{name}`", "" if is_top else f"`{above.__name__}`", _prose(error.__doc__)]


def _prose(text: str | None) -> str:
    """A docstring's paragraphs, each on one line."""
    paragraphs = inspect.cleandoc(text or "").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
