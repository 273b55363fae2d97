"""v3 signatures: every leniency by itself, and that nothing else is let through."""

import hashlib
import hmac
import sys
from collections.abc import Callable
from dataclasses import replace
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.wire.request import RawRequest
from counterfoil.wire.signature import (
    Authorization,
    MalformedAuthorization,
    parse_authorization,
    sign_v1,
    sign_v3,
    signing_key,
    verifies_v1,
    verifies_v3,
)

JSON = "application/json"
SECRET_KEY = "SKtest"


def post(body: bytes = b"{}", **headers: str) -> RawRequest:
    """A POST of JSON, signed at 1795294425 unless told otherwise."""
    usual = {"host": "127.0.0.1:8750", "content-type": JSON, "x-tc-timestamp": "1795294425"}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return RawRequest("POST", "/", b"", {**usual, **named}, body)


def accepts(request: RawRequest, authorization: str, secret_key: str = SECRET_KEY) -> bool:
    parsed = parse_authorization(authorization)
    key = signing_key(secret_key, parsed.date, parsed.service)
    return verifies_v3(request, parsed, key)


def signed_over(lines: str, payload: bytes, method: str = "POST", query: str = "") -> str:
    """An Authorization as a client computes it that signs these header lines, from the manual."""
    names = ";".join(line.partition(":")[0] for line in lines.splitlines())
    canonical = f"{method}\n/\n{query}\n{lines}\n{names}\n{hashlib.sha256(payload).hexdigest()}"
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    key = b"TC3SKtest"
    for part in (b"2026-11-21", b"billing", b"tc3_request"):
        key = hmac.new(key, part, "sha256").digest()
    text = f"TC3-HMAC-SHA256\n1795294425\n2026-11-21/billing/tc3_request\n{hashed}"
    signature = hmac.new(key, text.encode(), "sha256").hexdigest()
    credential = "AKIDtest/2026-11-21/billing/tc3_request"
    return f"TC3-HMAC-SHA256 Credential={credential}, SignedHeaders={names}, Signature={signature}"


@pytest.mark.parametrize(
    "respell",
    [
        lambda header: header.replace("SHA256 ", "SHA256  "),  # .NET
        lambda header: header.replace(", ", ","),
        lambda header: header.replace(", ", " ,  "),
        lambda header: f"  {header} ",
    ],
)
def test_spaces_in_authorization(respell: Callable[[str], str]) -> None:
    header = sign_v3(post(), "AKIDtest", SECRET_KEY, "billing")
    assert parse_authorization(respell(header)) == parse_authorization(header)
    assert accepts(post(), respell(header))


HOSTS_SIGNED = [
    ("127.0.0.1:8750", "127.0.0.1"),
    ("http://127.0.0.1:8750", "127.0.0.1:8750"),
    ("http://127.0.0.1:8750", "127.0.0.1"),
    ("http://127.0.0.1:8750", "http://127.0.0.1"),
    ("http://127.0.0.1:8750/", "127.0.0.1:8750/"),
    ("http://127.0.0.1:8750/", "127.0.0.1:8750"),
    ("http://127.0.0.1:8750/api/", "127.0.0.1/api/"),
    ("127.0.0.1:8750/", "127.0.0.1:8750"),
    ("[::1]:8750", "[::1]"),
    ("http://[::1]:8750/", "[::1]"),
    ("Billing.Localhost:8750", "billing.localhost:8750"),
    ("HTTP://Localhost:8750/", "localhost"),
]
HOSTS_NOT_SIGNED = [
    ("127.0.0.1:8750", "127.0.0.1:8751"),
    ("127.0.0.1", "127.0.0.1:8750"),
    ("127.0.0.1:", "127.0.0.1"),
    ("127.0.0.1:port", "127.0.0.1"),
    ("[::1]", "["),
    ("[::1]", "[:"),
    ("::1", ":"),
    (":8750", ""),
    ("8750", ""),
    ("localhost", "LOCALHOST"),
]


@pytest.mark.parametrize(
    ("sent", "signed", "expected"),
    [(*pair, True) for pair in HOSTS_SIGNED] + [(*pair, False) for pair in HOSTS_NOT_SIGNED],
)
def test_host_spellings(sent: str, signed: str, expected: bool) -> None:
    header = sign_v3(post(host=signed), "AKIDtest", SECRET_KEY, "billing")
    assert accepts(post(host=signed), header)
    assert accepts(post(host=sent), header) is expected

    request = RawRequest("POST", "/", b"", {"host": signed}, b"")
    fields = {"Action": "X", "Nonce": "1"}
    fields["Signature"] = sign_v1(request, fields, SECRET_KEY)
    assert verifies_v1(request, fields, SECRET_KEY)
    assert verifies_v1(replace(request, headers={"host": sent}), fields, SECRET_KEY) is expected


SENT = {
    "host": "Billing.Local:8750",
    "content_type": "application/json; charset=UTF-8",
    "x_tc_action": "DescribeVoucherInfo",
    "x_tc_version": "2018-07-09",
}


@pytest.mark.parametrize(
    "lines",
    [
        # Verbatim; as documented; as in the documented samples; with a host from a parsed URL.
        "content-type:application/json; charset=UTF-8\nhost:Billing.Local:8750\n",
        "content-type:application/json; charset=utf-8\nhost:billing.local:8750\n",
        "content-type:application/json; charset=UTF-8\nhost:Billing.Local:8750\n"
        "x-tc-action:describevoucherinfo\n",
        "content-type:application/json; charset=UTF-8\nhost:billing.local:8750\n",
        "content-type:application/json; charset=UTF-8\nhost:billing.local\n"
        "x-tc-action:describevoucherinfo\n",
        "content-type:application/json; charset=UTF-8\nhost:Billing.Local:8750\n"
        "x-tc-action:DescribeVoucherInfo\n",
        # More headers, and an order of the client's own.
        "content-type:application/json; charset=utf-8\nhost:billing.local:8750\n"
        "x-tc-action:describevoucherinfo\nx-tc-timestamp:1795294425\nx-tc-version:2018-07-09\n",
        "host:Billing.Local:8750\ncontent-type:application/json; charset=UTF-8\n",
    ],
)
def test_header_spellings(lines: str) -> None:
    header = signed_over(lines, b"{}")
    assert accepts(post(b"{}", **SENT), header)
    assert accepts(post(b"{}", **{name: f" \t{value} " for name, value in SENT.items()}), header)
    assert not accepts(post(b"[]", **SENT), header)
    other_action = post(b"{}", **{**SENT, "x_tc_action": "DescribeVoucherUsageDetails"})
    assert accepts(other_action, header) is ("x-tc-action" not in lines)


def test_signed_header_that_was_not_sent() -> None:
    lines = f"content-type:{JSON}\nhost:127.0.0.1:8750\nx-tc-region:\n"
    header = signed_over(lines, b"{}")
    assert accepts(post(x_tc_region=""), header)
    assert not accepts(post(), header)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_unsigned_payload(method: str) -> None:
    lines = f"content-type:{JSON}\nhost:127.0.0.1:8750\n"
    request = replace(post(b"any"), method=method)
    header = signed_over(lines, b"UNSIGNED-PAYLOAD", method)

    def with_mode(mode: str) -> RawRequest:
        return replace(request, headers={**request.headers, "x-tc-content-sha256": mode})

    assert accepts(with_mode("UNSIGNED-PAYLOAD"), header)
    for mode in ("unsigned-payload", "UNSIGNED", hashlib.sha256(b"any").hexdigest(), ""):
        assert not accepts(with_mode(mode), header)
        assert accepts(with_mode(mode), signed_over(lines, b"any" * (method == "POST"), method))
    assert not accepts(request, header)


def test_path_and_query_of_a_v3_post_are_not_signed() -> None:
    header = sign_v3(post(), "AKIDtest", SECRET_KEY, "billing")
    assert accepts(replace(post(), path="/prefix", query=b"a=b"), header)


# Whatever is sent.


@given(
    body=st.binary(min_size=1),
    query=st.binary(),
    host=st.text(st.characters(min_codepoint=33, max_codepoint=255)),
    timestamp=st.integers(0, 2**33),
    data=st.data(),
)
def test_round_trip(
    body: bytes, query: bytes, host: str, timestamp: int, data: st.DataObject
) -> None:
    method = data.draw(st.sampled_from(["GET", "POST"]))
    headers = {"host": host, "content-type": JSON, "x-tc-timestamp": str(timestamp)}
    request = RawRequest(method, "/", query, headers, body)
    header = sign_v3(request, "AKIDtest", SECRET_KEY, "billing")
    assert accepts(request, header)
    assert not accepts(request, header, "SKtesu")

    index = data.draw(st.integers(0, len(body) - 1))
    other = body[index] ^ data.draw(st.integers(1, 255))
    changed = replace(request, body=body[:index] + bytes([other]) + body[index + 1 :])
    assert accepts(changed, header) is (method == "GET")
    assert accepts(replace(request, query=query + b"&"), header) is (method == "POST")


PIECES = (
    "TC3-HMAC-SHA256|SKIP| |,|, |=|/|;|\n|é|Credential=|AKIDtest/2026-11-21/billing/tc3_request|"
    "SignedHeaders=|content-type;host|x-tc-action|Signature=|" + "0" * 64
).split("|")


@given(st.text() | st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_any_authorization_is_parsed_or_malformed(header: str) -> None:
    try:
        authorization = parse_authorization(header)
    except MalformedAuthorization as error:
        assert str(error)
    else:
        assert not verifies_v3(post(), authorization, b"key")


GOOD = sign_v3(post(), "AKIDtest", SECRET_KEY, "billing")


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("", "algorithm"),
        ("SKIP", "algorithm"),
        (GOOD.replace("SHA256", "SHA1"), "algorithm"),
        (GOOD.replace("TC3", "tc3"), "algorithm"),
        ("TC3-HMAC-SHA256", "each be given once"),
        (GOOD.replace("Credential", "credential"), "each be given once"),
        (GOOD.rpartition(",")[0], "each be given once"),
        (GOOD + ",", "each be given once"),
        (GOOD + ", Signature=" + "0" * 64, "each be given once"),
        (GOOD.replace("AKIDtest", ""), "SecretId/date/service/tc3_request"),
        (GOOD.replace("/billing", ""), "SecretId/date/service/tc3_request"),
        (GOOD.replace("/billing", "/billing/x"), "SecretId/date/service/tc3_request"),
        (GOOD.replace("tc3_request", "tc3"), "SecretId/date/service/tc3_request"),
        (GOOD.replace("content-type;host", "content-type"), "`content-type` and `host`"),
        (GOOD.replace("content-type;host", "host"), "`content-type` and `host`"),
        (GOOD.replace(";host", ";host;host"), "no header twice"),
        (GOOD[:-1], "64"),
        (GOOD[:-64] + GOOD[-64:].upper(), "64"),
        (GOOD.replace("billing", "b\u00efling"), "ASCII"),
        (GOOD.replace("billing", "bil\nling"), "ASCII"),
        (GOOD.replace("billing", "b" * 1024), "1024"),
    ],
)
def test_malformed_authorization(header: str, reason: str) -> None:
    with pytest.raises(MalformedAuthorization, match=reason):
        parse_authorization(header)


def test_parsed_authorization() -> None:
    assert parse_authorization(GOOD) == Authorization(
        "AKIDtest", "2026-11-21", "billing", ("content-type", "host"), GOOD[-64:]
    )


# What a stranger can make us spend.


def hmacs_of(call: Callable[[], object]) -> int:
    """How many HMACs `call` computes."""
    count = 0

    def profiler(frame: FrameType, event: str, _: object) -> None:
        nonlocal count
        count += event == "call" and frame.f_code is hmac.digest.__code__

    sys.setprofile(profiler)
    try:
        call()
    finally:
        sys.setprofile(None)
    return count


def test_work_is_bounded() -> None:
    good = parse_authorization(GOOD)
    key = signing_key(SECRET_KEY, good.date, good.service)
    bad = replace(good, signature="0" * 64, signed_headers=("content-type", "host", "x-tc-action"))
    worst = post(host="HTTP://A:1/B", content_type="A/B", x_tc_action="C")
    v1 = replace(worst, path="/D")

    assert hmacs_of(lambda: verifies_v3(post(), good, key)) == 1
    assert hmacs_of(lambda: verifies_v3(post(x_tc_action="x"), bad, key)) == 2
    assert 16 < hmacs_of(lambda: verifies_v3(worst, bad, key)) <= 32
    assert 16 < hmacs_of(lambda: verifies_v1(v1, {"Signature": "x"}, SECRET_KEY)) <= 32


def test_remembered_keys_are_bounded() -> None:
    for number in range(10_050):
        signing_key(SECRET_KEY, "2026-11-21", str(number))
    assert signing_key.cache_info().currsize == 10_000
