"""The members of a declared struct: name, type in the documents' words, meaning."""

import ast
import inspect
import itertools
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from types import GenericAlias, NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec

from counterfoil.actions.declaration import Shows

TYPE_WORDS = {int: "Integer", str: "String", float: "Float", bool: "Boolean"}


@dataclass(frozen=True)
class Member:
    """One parameter of a request or member of an answer."""

    name: str
    type: str
    is_required: bool
    meaning: str


def members(struct: type[msgspec.Struct]) -> Iterator[Member]:
    """The members in the order declared; the program ends where one has no docstring."""
    meanings = _docstrings(struct)
    for field in msgspec.structs.fields(struct):
        if field.name not in meanings:
            sys.exit(f"{struct.__module__}: {struct.__name__}.{field.name} has no docstring")
        word = type_word(field.type)
        yield Member(field.encode_name, word, field.required, meanings[field.name])


def nested_structs(struct: type[msgspec.Struct]) -> list[type[msgspec.Struct]]:
    """The structs inside a struct, each once, outer ones first."""
    found: dict[type[msgspec.Struct], None] = {}
    for field in msgspec.structs.fields(struct):
        for inner in _structs_in(field.type):
            found |= dict.fromkeys([inner, *nested_structs(inner)])
    return list(found)


def type_word(kind: Any) -> str:
    """What the documents call a type; a struct links to its section."""
    kind = plain(kind)
    if get_origin(kind) is list:
        return f"Array of {type_word(get_args(kind)[0])}"
    if _is_union(kind):
        return " or ".join(type_word(member) for member in get_args(kind))
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return f"[{kind.__name__}](#{kind.__name__.lower()})"
    return TYPE_WORDS[kind]


def plain(kind: Any) -> Any:
    """The type without what qualifies it; pre-rendered members become what they show."""
    if get_origin(kind) is Annotated:
        inner, *notes = get_args(kind)
        shown = next((note for note in notes if isinstance(note, Shows)), None)
        if shown is None:
            return plain(inner)
        return GenericAlias(list, (shown.type,)) if shown.is_list else shown.type
    if _is_union(kind):
        members = [member for member in get_args(kind) if member is not NoneType]
        return plain(members[0]) if len(members) == 1 else kind
    return kind


def _is_union(kind: Any) -> bool:
    return get_origin(kind) in (Union, UnionType)


def _structs_in(kind: Any) -> Iterator[type[msgspec.Struct]]:
    kind = plain(kind)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        yield kind
    for inner in get_args(kind):
        yield from _structs_in(inner)


def _docstrings(declared: type[Any]) -> dict[str, str]:
    """The text under each member of a struct and of those it extends, which Python itself does not
    keep."""
    structs = [one for one in declared.__mro__ if issubclass(one, msgspec.Struct)]
    return {
        name: meaning
        for struct in reversed(structs)
        if struct is not msgspec.Struct
        for name, meaning in _own_docstrings(struct)
    }


def _own_docstrings(struct: type[msgspec.Struct]) -> Iterator[tuple[str, str]]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(struct)))
    body = next(node for node in tree.body if isinstance(node, ast.ClassDef)).body
    for member, text in itertools.pairwise(body):
        if (
            isinstance(member, ast.AnnAssign)
            and isinstance(member.target, ast.Name)
            and isinstance(text, ast.Expr)
            and isinstance(text.value, ast.Constant)
        ):
            yield member.target.id, " ".join(str(text.value.value).split())
