"""Fields of queries and forms."""

from collections.abc import Callable
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.wire.error_codes import Fault
from counterfoil.wire.fields import read_fields

fields = st.dictionaries(st.text(), st.text())


@given(fields)
@pytest.mark.parametrize("spell", [quote, quote_plus])
def test_what_a_client_encodes_is_read_back(
    spell: Callable[..., str], fields: dict[str, str]
) -> None:
    assert read_fields(urlencode(fields, quote_via=spell).encode()) == fields


@given(fields)
def test_every_byte_may_be_escaped(fields: dict[str, str]) -> None:
    def escaped(text: str) -> str:
        return "".join(f"%{byte:02x}" for byte in text.encode())

    pairs = [f"{escaped(name)}={escaped(text)}" for name, text in fields.items()]
    assert read_fields("&".join(pairs).encode()) == fields


@pytest.mark.parametrize(
    ("encoded", "expected"),
    [
        (b"", {}),
        (b"&&", {}),
        (b"a=", {"a": ""}),
        (b"=a", {"": "a"}),
        (b"a=b=c", {"a": "b=c"}),
        (b"a=1&a=2", {"a": "2"}),
        (b"a=b+c%20d%2B", {"a": "b c d+"}),
        (b"a=~*'()!;/?:@,$", {"a": "~*'()!;/?:@,$"}),
        (b"Region", {"Region": ""}),
        (b"Region&a=1", {"Region": "", "a": "1"}),
        (b"a=%", {"a": "%"}),
        (b"a=%4", {"a": "%4"}),
        (b"a=%zz", {"a": "%zz"}),
        ("a=中".encode(), {"a": "中"}),
        (b"a=%E4%B8%AD", {"a": "中"}),
        (b"a=%00", {"a": "\0"}),
    ],
)
def test_spellings(encoded: bytes, expected: dict[str, str]) -> None:
    assert read_fields(encoded) == expected


@pytest.mark.parametrize(
    "encoded",
    [b"a", b"a=1&b", b"region", b"Region%20", b"a=%ff", b"%ff=a", b"a=\xff", b"a=%ed%a0%80"],
)
def test_what_cannot_be_read(encoded: bytes) -> None:
    with pytest.raises(Fault) as caught:
        read_fields(encoded)
    assert caught.value.answer.code == "InvalidParameter"


@given(st.binary())
def test_any_bytes_are_fields_or_a_fault(encoded: bytes) -> None:
    try:
        assert isinstance(read_fields(encoded), dict)
    except Fault as fault:
        assert fault.answer.code == "InvalidParameter"
