"""v1 signatures: every leniency by itself, and that nothing else is let through."""

import base64
import hmac
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.wire.request import RawRequest
from counterfoil.wire.signature import sign_v1, verifies_v1

REQUEST = RawRequest("POST", "/", b"", {"host": "127.0.0.1:8750"}, b"")


def signature_over(text: str, algorithm: str = "sha1") -> str:
    return base64.b64encode(hmac.new(b"SKtest", text.encode(), algorithm).digest()).decode()


def accepts_v1(fields: dict[str, str], signature: str, request: RawRequest = REQUEST) -> bool:
    return verifies_v1(request, {**fields, "Signature": signature}, "SKtest")


def test_sorts_by_ascii_and_keeps_blank_values() -> None:
    fields = {"b": "", "InstanceIds.2": "y", "InstanceIds.12": "x", "Region": "", "B": "中 +&="}
    text = "POST127.0.0.1:8750/?B=中 +&=&InstanceIds.12=x&InstanceIds.2=y&Region=&b="
    assert accepts_v1(fields, signature_over(text))
    assert not accepts_v1({**fields, "Region": "x"}, signature_over(text))


def test_underscores_in_names_become_dots() -> None:
    signature = signature_over("POST127.0.0.1:8750/?A.0=a_b&A.B=1")
    assert accepts_v1({"A_B": "1", "A_0": "a_b"}, signature)
    assert not accepts_v1({"A_B": "1", "A_0": "a.b"}, signature)


@pytest.mark.parametrize(
    ("method", "algorithm"),
    [
        ("HmacSHA256", "sha256"),
        ("HmacSHA1", "sha1"),
        ("hmacsha256", "sha1"),
        ("TC3-HMAC-SHA256", "sha1"),
        ("", "sha1"),
        (None, "sha1"),
    ],
)
def test_algorithm(method: str | None, algorithm: str) -> None:
    fields = {"Nonce": "1"} if method is None else {"Nonce": "1", "SignatureMethod": method}
    text = "POST127.0.0.1:8750/?" + "&".join(f"{name}={fields[name]}" for name in fields)
    other = "sha1" if algorithm == "sha256" else "sha256"
    assert accepts_v1(fields, signature_over(text, algorithm))
    assert not accepts_v1(fields, signature_over(text, other))


def test_real_path() -> None:
    signature = signature_over("POST127.0.0.1:8750/prefix?Nonce=1")
    assert accepts_v1({"Nonce": "1"}, signature, replace(REQUEST, path="/prefix"))
    assert not accepts_v1({"Nonce": "1"}, signature)
    slash = signature_over("POST127.0.0.1:8750/?Nonce=1")
    assert accepts_v1({"Nonce": "1"}, slash, replace(REQUEST, path="/prefix"))


def test_signature_text() -> None:
    fields = {"Nonce": "92"}
    signature = sign_v1(REQUEST, fields, "SKtest")
    assert signature.startswith("+"), "the nonce was chosen for this"
    for sent in (signature + "\n", f"\r\n{signature} \n", signature.replace("+", " ")):
        assert accepts_v1(fields, sent)
    for sent in ("", signature[:-1], signature.lower(), signature.replace("+", "-"), "é", "\ufffd"):
        assert not accepts_v1(fields, sent)
    assert not verifies_v1(REQUEST, fields, "SKtest")


@given(
    fields=st.dictionaries(st.text().filter(lambda name: name != "Signature"), st.text()),
    host=st.text(st.characters(min_codepoint=33, max_codepoint=255)),
    path=st.text().map(lambda text: "/" + text),
    data=st.data(),
)
def test_round_trip(fields: dict[str, str], host: str, path: str, data: st.DataObject) -> None:
    request = RawRequest("POST", path, b"", {"host": host}, b"")
    signature = sign_v1(request, fields, "SKtest")
    assert accepts_v1(fields, signature, request)
    if fields:
        name = data.draw(st.sampled_from(sorted(fields)))
        assert not accepts_v1({**fields, name: fields[name] + "x"}, signature, request)
