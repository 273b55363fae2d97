"""Typed requests from JSON and from fields, where the two actions have no example: lists, nested
objects, numbers with fractions and booleans."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.actions.declaration import Int64, RequiredText
from counterfoil.wire.error_codes import Fault
from counterfoil.wire.parameters import from_fields, from_json, members_of


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    Code: RequiredText
    Amount: float
    IsGift: bool = False


class Order(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    Count: Int64
    Lines: list[Line]
    Uins: list[Int64] = []
    Names: list[str] = []
    Note: str | None = None
    First: Line | None = None


GOOD: dict[str, Any] = {"Count": 1, "Lines": [{"Code": "a", "Amount": 0.5}]}


def flattened(value: Any, path: str = "") -> dict[str, str]:
    """Members as clients send them in a query or form."""
    if isinstance(value, dict):
        pairs = [(f"{path}.{name}" if path else name, inner) for name, inner in value.items()]
    elif isinstance(value, list):
        pairs = [(f"{path}.{n}", inner) for n, inner in enumerate(value)]
    else:
        return {path: str(value)}
    return {name: text for key, inner in pairs for name, text in flattened(inner, key).items()}


def refusal(members: Any) -> tuple[str, Any, Any]:
    """Code, parameter and expected type."""
    with pytest.raises(Fault) as caught:
        from_json(json.dumps(members).encode(), Order)
    details = caught.value.details
    return caught.value.answer.code, details.get("parameter"), details.get("expected")


texts = st.text(min_size=1)
lines = st.builds(Line, texts, st.floats(allow_nan=False, allow_infinity=False), st.booleans())
orders = st.builds(
    Order,
    Count=st.integers(-(2**63), 2**63 - 1),
    Lines=st.lists(lines, min_size=1, max_size=12),
    Uins=st.lists(st.integers(-(2**63), 2**63 - 1), max_size=12),
    Names=st.lists(texts, max_size=3),
    Note=st.none() | st.text(),
    First=st.none() | lines,
)


@given(orders)
def test_json_and_fields_mean_the_same(order: Order) -> None:
    members = json.loads(msgspec.json.encode(order))
    assert from_json(msgspec.json.encode(order), Order) == order
    sent = {name: value for name, value in members.items() if value is not None}
    assert from_fields(flattened(sent), Order) == order


@given(orders, st.randoms(use_true_random=False))
def test_the_order_of_fields_does_not_matter(order: Order, random: Any) -> None:
    members = {k: v for k, v in json.loads(msgspec.json.encode(order)).items() if v is not None}
    pairs = list(flattened(members).items())
    random.shuffle(pairs)
    assert from_fields(dict(pairs), Order) == order


@pytest.mark.parametrize("text", ["true", "True", "TRUE", "tRuE"])
def test_booleans_in_any_case(text: str) -> None:
    fields = flattened(GOOD) | {"Lines.0.IsGift": text}
    assert from_fields(fields, Order).Lines[0].IsGift is True


@pytest.mark.parametrize("text", ["0", "1", "yes", "", "truee", "null", '"true"'])
def test_what_is_no_boolean(text: str) -> None:
    with pytest.raises(Fault) as caught:
        from_fields(flattened(GOOD) | {"Lines.0.IsGift": text}, Order)
    assert caught.value.details == {"parameter": "Lines.0.IsGift", "expected": "boolean"}


@pytest.mark.parametrize(
    ("text", "expected"), [("1", 1.0), ("-0.25", -0.25), ("1e-07", 1e-7), ("1E+2", 100.0)]
)
def test_numbers_with_fractions(text: str, expected: float) -> None:
    fields = flattened(GOOD) | {"Lines.0.Amount": text}
    assert from_fields(fields, Order).Lines[0].Amount == expected


@pytest.mark.parametrize("text", ["1,5", "NaN", "inf", "0x1", ".5", "1.", "", "1e", "--1", "1e400"])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(Fault) as caught:
        from_fields(flattened(GOOD) | {"Lines.0.Amount": text}, Order)
    assert caught.value.details == {"parameter": "Lines.0.Amount", "expected": "float"}


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({}, ("MissingParameter", "Count", None)),
        ({"Count": None, "Lines": []}, ("MissingParameter", "Count", None)),
        ({"Count": 1}, ("MissingParameter", "Lines", None)),
        (GOOD | {"Lines": [{}]}, ("MissingParameter", "Lines.0.Code", None)),
        (
            GOOD | {"Lines": [{"Code": "a", "Amount": 1}, {"Code": "b"}]},
            ("MissingParameter", "Lines.1.Amount", None),
        ),
        (
            GOOD | {"Lines": [{"Code": "", "Amount": 1}]},
            ("MissingParameter", "Lines.0.Code", None),
        ),
        (GOOD | {"First": {"Amount": 1}}, ("MissingParameter", "First.Code", None)),
        (GOOD | {"count": 1}, ("UnknownParameter", "count", None)),
        (
            GOOD | {"Lines": [{"Code": "a", "Amount": 1, "X": 1}]},
            ("UnknownParameter", "Lines.0.X", None),
        ),
        (GOOD | {"Count": "1"}, ("InvalidParameter", "Count", "integer")),
        (GOOD | {"Count": 2**63}, ("InvalidParameter", "Count", "integer")),
        (GOOD | {"Lines": {}}, ("InvalidParameter", "Lines", "array")),
        (GOOD | {"Lines": "a"}, ("InvalidParameter", "Lines", "array")),
        (GOOD | {"Lines": ["a"]}, ("InvalidParameter", "Lines.0", "object")),
        (GOOD | {"Uins": [1, "2"]}, ("InvalidParameter", "Uins.1", "integer")),
        (GOOD | {"Names": ["a", 2]}, ("InvalidParameter", "Names.1", "string")),
        (GOOD | {"Note": 1}, ("InvalidParameter", "Note", "string")),
        (GOOD | {"First": 1}, ("InvalidParameter", "First", "object")),
        (
            GOOD | {"Lines": [{"Code": "a", "Amount": "1"}]},
            ("InvalidParameter", "Lines.0.Amount", "float"),
        ),
        (
            GOOD | {"Lines": [{"Code": "a", "Amount": 1, "IsGift": 1}]},
            ("InvalidParameter", "Lines.0.IsGift", "boolean"),
        ),
        # Several at once: what is missing anywhere, then what is unknown, then types.
        (
            {"Bogus": 1, "Count": "x", "Lines": [{"Code": "a"}]},
            ("MissingParameter", "Lines.0.Amount", None),
        ),
        (
            {"Count": "x", "Lines": [{"Code": "a", "Amount": 1, "X": 1}]},
            ("UnknownParameter", "Lines.0.X", None),
        ),
        (
            {"Lines": [{"Code": 1, "Amount": 1}], "Count": "x"},
            ("InvalidParameter", "Count", "integer"),
        ),
    ],
)
def test_the_path_of_a_fault(members: Any, expected: tuple[str, Any, Any]) -> None:
    assert refusal(members) == expected


def test_nulls_are_absent_at_any_depth() -> None:
    members = {
        "Count": 1,
        "Note": None,
        "Bogus": None,
        "First": None,
        "Lines": [{"Code": "a", "Amount": 1, "IsGift": None, "X": None}],
    }
    assert from_json(json.dumps(members).encode(), Order) == Order(1, [Line("a", 1.0)])


def test_a_list_of_more_than_ten_keeps_its_order() -> None:
    names = [str(n) for n in range(25)]
    fields = {f"Names.{n}": name for n, name in reversed(list(enumerate(names)))}
    assert from_fields(flattened(GOOD) | fields, Order).Names == names


@pytest.mark.parametrize(
    ("fields", "parameter"),
    [
        ({"Lines": "a"}, "Lines"),
        ({"Lines.a.Code": "a"}, "Lines"),
        ({"Lines.0": "a"}, "Lines.0"),
        ({"Note.0": "a"}, "Note"),
        ({"Count.0.A": "1"}, "Count"),
        ({"Count": "1", "Count.A": "1"}, "Count"),
        ({"Count.A": "1", "Count": "x"}, "Count"),
    ],
)
def test_fields_of_another_shape(fields: dict[str, str], parameter: str) -> None:
    name = parameter.partition(".")[0]
    others = {k: v for k, v in flattened(GOOD).items() if not k.startswith(name)}
    with pytest.raises(Fault) as caught:
        from_fields(others | fields, Order)
    assert caught.value.answer.code == "InvalidParameter"
    assert caught.value.details["parameter"] == parameter


@pytest.mark.parametrize("depth", [10, 33, 1000, 100_000])
def test_fields_nested_deeply(depth: int) -> None:
    with pytest.raises(Fault):
        from_fields(flattened(GOOD) | {".".join(["A"] * depth): "x"}, Order)


@given(st.dictionaries(st.text() | st.sampled_from(["Count", "Lines.0.Code", "Uins.0"]), st.text()))
def test_any_fields_are_an_order_or_a_fault(fields: dict[str, str]) -> None:
    try:
        assert isinstance(from_fields(fields, Order), Order)
    except Fault as fault:
        assert fault.answer.code in ("MissingParameter", "UnknownParameter", "InvalidParameter")


@given(st.binary() | (st.text() | st.text("{}[]\":,01-.eE'ntfaulsr\\ud8")).map(str.encode))
def test_any_body_is_an_order_or_a_fault(body: bytes) -> None:
    try:
        assert isinstance(from_json(body, Order), Order)
    except Fault as fault:
        assert fault.answer.code in ("MissingParameter", "UnknownParameter", "InvalidParameter")


def test_members_of_keeps_what_it_cannot_read() -> None:
    fields = {"Count": "x", "Bogus": "1", "Uins.0": "7", "Lines.0.IsGift": "True"}
    assert members_of(fields, Order) == {
        "Count": "x",
        "Bogus": "1",
        "Uins": [7],
        "Lines": [{"IsGift": True}],
    }
