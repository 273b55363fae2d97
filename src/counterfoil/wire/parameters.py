"""From the text of a request to the typed request that an action declares.

A good request is decoded in one pass. A bad one is looked at again to say what the documents say
of it: what is missing comes first, then what is unknown, then what has the wrong type, each in the
order declared. An explicit null counts as absent.
"""

from functools import cache
from typing import Any, TypeVar

import msgspec
from msgspec import inspect

from counterfoil.wire.error_codes import (
    MISSING_PARAMETER,
    UNKNOWN_PARAMETER,
    UNREADABLE_JSON,
    WRONG_TYPE,
    Fault,
)

Request = TypeVar("Request", bound=msgspec.Struct)

_DEPTH_MAX = 32
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError)


def from_json(body: bytes, request: type[Request]) -> Request:
    """The typed request in a JSON body; an empty body and `null` count as `{}`.

    Raises:
        Fault: not a JSON object, or its members are not those declared.
    """
    try:
        return _decoder(request).decode(body)  # type: ignore[no-any-return]  # cached, untyped
    except _UNREADABLE:
        return _examined(_json_object(body), request)


def members_of(fields: dict[str, str], request: type[msgspec.Struct]) -> dict[str, Any]:
    """The members of a JSON request that flattened fields stand for, each of its declared type; a
    field that is not declared, or not of its type, stays text and is judged as such."""
    members: dict[str, Any] = _retyped(_nested(fields, request), _declared(request))
    return members


def from_fields(fields: dict[str, str], request: type[Request]) -> Request:
    """The typed request in the fields of a query or form, flattened as `List.0.Name=value`.

    Raises:
        Fault: the fields are not those declared.
    """
    return _examined(members_of(fields, request), request)


@cache
def _decoder(request: type[Any]) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(request)


@cache
def _declared(request: type[Any]) -> Any:
    return inspect.type_info(request)


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        value = msgspec.json.decode(body) if body.strip() else None
    except _UNREADABLE:
        raise Fault(UNREADABLE_JSON) from None
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Fault(UNREADABLE_JSON)
    return value


def _examined(members: dict[str, Any], request: type[Request]) -> Request:
    members = _without_nulls(members, 0)
    declared = _declared(request)
    for find in (_missing, _unknown, _wrong):
        fault = find(members, declared, "")
        if fault is not None:
            raise fault
    return msgspec.convert(members, request)


def _without_nulls(value: Any, depth: int) -> Any:
    if depth > _DEPTH_MAX:
        raise Fault(UNREADABLE_JSON)
    if isinstance(value, dict):
        return {
            name: _without_nulls(member, depth + 1)
            for name, member in value.items()
            if member is not None
        }
    if isinstance(value, list):
        return [_without_nulls(member, depth + 1) for member in value]
    return value


def _missing(value: Any, declared: Any, path: str) -> Fault | None:
    declared = _plain(declared)
    if isinstance(declared, inspect.StructType) and isinstance(value, dict):
        for field in declared.fields:
            member = value.get(field.encode_name)
            if field.required and (member is None or _is_blank(member, field.type)):
                return Fault(MISSING_PARAMETER, parameter=path + field.encode_name)
    return _inside(_missing, value, declared, path)


def _unknown(value: Any, declared: Any, path: str) -> Fault | None:
    declared = _plain(declared)
    if isinstance(declared, inspect.StructType) and isinstance(value, dict):
        names = {field.encode_name for field in declared.fields}
        for name in value:
            if name not in names:
                return Fault(UNKNOWN_PARAMETER, parameter=path + name)
    return _inside(_unknown, value, declared, path)


def _wrong(value: Any, declared: Any, path: str) -> Fault | None:
    declared = _plain(declared)
    if isinstance(declared, inspect.StructType) and isinstance(value, dict):
        return _inside(_wrong, value, declared, path)
    if isinstance(declared, inspect.ListType) and isinstance(value, list):
        return _inside(_wrong, value, declared, path)
    if not _fits(value, declared):
        return Fault(WRONG_TYPE, parameter=path.rstrip("."), expected=_word(declared))
    return None


def _inside(find: Any, value: Any, declared: Any, path: str) -> Fault | None:
    """The first fault that `find` has in a member of an object or list."""
    inner: list[tuple[Any, Any, str]] = []
    if isinstance(declared, inspect.StructType) and isinstance(value, dict):
        for field in declared.fields:
            if field.encode_name in value:
                inner.append((value[field.encode_name], field.type, path + field.encode_name + "."))
    elif isinstance(declared, inspect.ListType) and isinstance(value, list):
        inner = [(item, declared.item_type, f"{path}{n}.") for n, item in enumerate(value)]
    for member, member_type, member_path in inner:
        fault: Fault | None = find(member, member_type, member_path)
        if fault is not None:
            return fault
    return None


def _plain(declared: Any) -> Any:
    """The declared type without `| None`: nulls are gone by now."""
    if isinstance(declared, inspect.UnionType):
        (declared,) = (kind for kind in declared.types if not isinstance(kind, inspect.NoneType))
    return declared


def _is_blank(value: Any, declared: Any) -> bool:
    return value == "" and bool(getattr(_plain(declared), "min_length", None))


def _fits(value: Any, declared: Any) -> bool:
    if isinstance(declared, inspect.StrType):
        return isinstance(value, str)
    if isinstance(declared, inspect.IntType):
        return type(value) is int and _in_range(value, declared)
    if isinstance(declared, inspect.FloatType):
        return type(value) in (int, float)
    return isinstance(declared, inspect.BoolType) and isinstance(value, bool)


def _in_range(number: int, declared: inspect.IntType) -> bool:
    low, high = declared.ge, declared.le
    return (low is None or number >= low) and (high is None or number <= high)


def _word(declared: Any) -> str:
    """What the documents call a type."""
    words: dict[type[Any], str] = {
        inspect.StrType: "string",
        inspect.IntType: "integer",
        inspect.FloatType: "float",
        inspect.BoolType: "boolean",
        inspect.ListType: "array",
    }
    return words.get(type(declared), "object")


def _nested(fields: dict[str, str], request: type[msgspec.Struct]) -> dict[str, Any]:
    """`{'A.0.B': 'x'}` → `{'A': [{'B': 'x'}]}`, lists where the request declares them."""
    tree: dict[str, Any] = {}
    for path, text in fields.items():
        *parents, name = path.split(".", _DEPTH_MAX)
        node = tree
        for parent in parents:
            child = node.setdefault(parent, {})
            if not isinstance(child, dict):
                child = node[parent] = {}  # a value and members under one name: the members count
            node = child
        node[name] = text
    listed: dict[str, Any] = _with_lists(tree, _declared(request))
    return listed


def _with_lists(value: Any, declared: Any) -> Any:
    declared = _plain(declared)
    if not isinstance(value, dict):
        return value
    if isinstance(declared, inspect.ListType) and all(name.isdigit() for name in value):
        return [
            _with_lists(value[name], declared.item_type) for name in sorted(value, key=_index_order)
        ]
    types = (
        {field.encode_name: field.type for field in declared.fields}
        if isinstance(declared, inspect.StructType)
        else {}
    )
    return {name: _with_lists(member, types.get(name)) for name, member in value.items()}


def _retyped(value: Any, declared: Any) -> Any:
    declared = _plain(declared)
    if isinstance(declared, inspect.StructType) and isinstance(value, dict):
        types = {field.encode_name: field.type for field in declared.fields}
        return {name: _retyped(member, types.get(name)) for name, member in value.items()}
    if isinstance(declared, inspect.ListType) and isinstance(value, list):
        return [_retyped(item, declared.item_type) for item in value]
    is_scalar = isinstance(declared, (inspect.IntType, inspect.FloatType, inspect.BoolType))
    return _read(value, declared) if is_scalar and isinstance(value, str) else value


def _read(text: str, declared: Any) -> Any:
    """A form's text as the number or boolean it spells, booleans in any case, as Python writes
    them; the text itself where it spells none of the declared type."""
    try:
        value = msgspec.json.decode(text.lower())
    except _UNREADABLE:
        return text
    return value if _fits(value, declared) else text


def _index_order(name: str) -> tuple[int, str]:
    return len(name), name
