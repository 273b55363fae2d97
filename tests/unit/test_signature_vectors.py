"""Signatures of others: the documented examples and requests recorded from the official SDKs."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from counterfoil.wire.request import RawRequest
from counterfoil.wire.signature import (
    has_unsigned_payload,
    parse_authorization,
    sign_v1,
    sign_v3,
    signing_key,
    verifies_v1,
    verifies_v3,
)

DOCUMENTED_KEY = "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE"
DOCUMENTED_ID = "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE"
UIN_LIST = b'{"UinList":[100000000001,100000000002]}'
JSON = "application/json"
VECTORS = Path(__file__).parents[1] / "vectors"


def post(body: bytes, host: str, timestamp: int, content_type: str = JSON) -> RawRequest:
    headers = {"host": host, "content-type": content_type, "x-tc-timestamp": str(timestamp)}
    return RawRequest("POST", "/", b"", headers, body)


CVM = "cvm.tencentcloudapi.com"
CVM_BODY = (
    rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}'
)
CVM_POST = post(CVM_BODY, CVM, 1551113065, "application/json; charset=utf-8")
CVM_GET = replace(
    post(b"", CVM, 1539084154, "application/x-www-form-urlencoded"),
    method="GET",
    query=b"Limit=10&Offset=0",
)
# What was sent, the scope, the signature.
GOLDEN_V3 = {
    "documented-post": (
        CVM_POST,
        f"{DOCUMENTED_ID}/2019-02-25/cvm",
        "72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168",
    ),
    "documented-get": (
        CVM_GET,
        f"{DOCUMENTED_ID}/2018-10-09/cvm",
        "5da7a33f6993f0614b047e5df4582db9e9bf4672ba50567dba16c6ccf174c474",
    ),
    "node": (
        post(UIN_LIST, "127.0.0.1:18080", 1795294148),
        "AKIDtest/2026-11-21/127",
        "2e4364388b7231753562e885d838b6d64bb00f826a9e22dcd3fbbbcc8b7d5199",
    ),
    "tccli": (
        post(b"{}", "http://127.0.0.1:18080", 1795293516),
        "AKIDtest/2026-11-21/billing",
        "aa2ac2e7d3db53bf9d75469a274048373e92dab96927d0a353548a86b18ea696",
    ),
    "java": (
        post(UIN_LIST, "127.0.0.1:18080", 1795294425, "application/json; charset=utf-8"),
        "AKIDtest/2026-11-21/127",
        "2584e3600930a11c5ab5628773978f64ce5782cb4245b580711f5df5df4dd6f4",
    ),
    "ruby": (
        post(b"null", "billing.tencentcloudapi.com", 1795294447),
        "AKIDtest/2026-11-21/billing",
        "7b1e71b1bd6b3cd3a160584e0e36c15b7fff78b55e134c9b2072b6a4993b19b4",
    ),
}


def accepts_v3(request: RawRequest, header: str, secret_key: str) -> bool:
    authorization = parse_authorization(header)
    key = signing_key(secret_key, authorization.date, authorization.service)
    return verifies_v3(request, authorization, key)


@pytest.mark.parametrize("case", GOLDEN_V3)
def test_golden_v3(case: str) -> None:
    request, scope, signature = GOLDEN_V3[case]
    secret_key = DOCUMENTED_KEY if case.startswith("documented") else "SKtest"
    header = (
        f"TC3-HMAC-SHA256 Credential={scope}/tc3_request, "
        f"SignedHeaders=content-type;host, Signature={signature}"
    )
    assert accepts_v3(request, header, secret_key)
    assert not accepts_v3(request, header, secret_key + "x")

    if case == "node":
        request = replace(request, headers={**request.headers, "host": "127.0.0.1"})
    secret_id, _, service = scope.split("/")
    assert sign_v3(request, secret_id, secret_key, service) == header


def test_golden_v3_with_a_signed_action() -> None:
    header = (
        f"TC3-HMAC-SHA256 Credential={DOCUMENTED_ID}/2019-02-25/cvm/tc3_request, "
        "SignedHeaders=content-type;host;x-tc-action, "
        "Signature=644be983de9a8a3f00db8eadaba61467c3b429e2215758ba897b738ca469fd26"
    )

    def calling(action: str) -> RawRequest:
        return replace(CVM_POST, headers={**CVM_POST.headers, "x-tc-action": action})

    assert accepts_v3(calling("DescribeInstances"), header, DOCUMENTED_KEY)
    assert not accepts_v3(calling("TerminateInstances"), header, DOCUMENTED_KEY)


GOLDEN_V1 = {
    "documented": (
        RawRequest("GET", "/", b"", {"host": CVM}, b""),
        "Action=DescribeInstances&InstanceIds.0=ins-09dx96dg&Limit=20&Nonce=11886&Offset=0"
        f"&Region=ap-guangzhou&SecretId={DOCUMENTED_ID}&Timestamp=1465185768&Version=2017-03-12",
        DOCUMENTED_KEY,
        "EliP9YW3pW28FpsEdkXt/+WcGeI=",
    ),
    "go": (
        RawRequest("POST", "/", b"", {"host": "127.0.0.1:18080"}, b""),
        "Action=DescribeAccountBalance&Language=en-US&Nonce=1443635317331776148&Region="
        "&RequestClient=SDK_GO_3.0.1474&SecretId=AKIDtest&SignatureMethod=HmacSHA256"
        "&Timestamp=1795294423&Token=TOK/%2B=&Version=2018-07-09",
        "SKtest",
        "KJvllFcZ8/umBg3wNXPldU/38Ln9gQo7tqXfnkMG9lY=",
    ),
}


@pytest.mark.parametrize("case", GOLDEN_V1)
def test_golden_v1(case: str) -> None:
    request, form, secret_key, signature = GOLDEN_V1[case]
    fields = dict(parse_qsl(form, keep_blank_values=True))
    assert sign_v1(request, fields, secret_key) == signature
    fields["Signature"] = signature
    assert verifies_v1(request, fields, secret_key)
    assert not verifies_v1(request, fields, secret_key + "x")


def recorded() -> Iterator[tuple[str, RawRequest]]:
    """Every recorded request, as (file name and position, request)."""
    for file in sorted(VECTORS.glob("*.http")):
        for index, raw in enumerate(file.read_bytes().split(b"\n=====\n")[:-1]):
            head, _, body = raw.partition(b"\r\n\r\n")
            first, *lines = head.decode("latin-1").split("\r\n")
            method, target, _ = first.split(" ")
            path, _, query = target.partition("?")
            pairs = [line.partition(":") for line in lines]
            headers = {name.lower(): value for name, _, value in pairs}
            yield f"{file.stem}-{index}", RawRequest(method, path, query.encode(), headers, body)


RECORDED = dict(recorded())
RECORDED_V3 = [name for name, r in RECORDED.items() if "authorization" in r.headers]
RECORDED_V1 = [name for name, r in RECORDED.items() if "authorization" not in r.headers]


def test_all_recordings_are_found() -> None:
    assert (len(RECORDED_V3), len(RECORDED_V1)) == (27, 22)


def other_byte(data: bytes, index: int) -> bytes:
    return data[:index] + bytes([data[index] ^ 1]) + data[index + 1 :]


@pytest.mark.parametrize("name", RECORDED_V3)
def test_recorded_v3(name: str) -> None:
    request = RECORDED[name]
    authorization = parse_authorization(request.headers["authorization"])
    key = signing_key("SKtest", authorization.date, authorization.service)
    assert verifies_v3(request, authorization, key)

    other_key = signing_key("SKtesu", authorization.date, authorization.service)
    assert not verifies_v3(request, authorization, other_key)
    for index in range(64):
        digits = authorization.signature
        digit = "0" if digits[index] != "0" else "1"
        forged = replace(authorization, signature=digits[:index] + digit + digits[index + 1 :])
        assert not verifies_v3(request, forged, key)
    for header in ("host", "content-type", "x-tc-timestamp"):
        headers = {**request.headers, header: request.headers[header] + "x"}
        assert not verifies_v3(replace(request, headers=headers), authorization, key)

    is_get = request.method == "GET"
    for index in range(len(request.query)):
        changed = replace(request, query=other_byte(request.query, index))
        assert verifies_v3(changed, authorization, key) is not is_get
    for index in range(len(request.body)):
        changed = replace(request, body=other_byte(request.body, index))
        assert verifies_v3(changed, authorization, key) is has_unsigned_payload(request)


@pytest.mark.parametrize("name", RECORDED_V1)
def test_recorded_v1(name: str) -> None:
    request = RECORDED[name]
    form = request.query if request.method == "GET" else request.body
    fields = dict(parse_qsl(form.decode(), keep_blank_values=True))
    assert verifies_v1(request, fields, "SKtest")

    assert not verifies_v1(request, fields, "SKtesu")
    assert not verifies_v1(replace(request, method="PUT"), fields, "SKtest")
    headers = {**request.headers, "host": "127.0.0.2:18080"}
    assert not verifies_v1(replace(request, headers=headers), fields, "SKtest")
    for field, value in fields.items():
        for index in range(len(value)):
            text = value[:index] + chr(ord(value[index]) ^ 1) + value[index + 1 :]
            assert not verifies_v1(request, {**fields, field: text}, "SKtest"), field
        fewer = {other: text for other, text in fields.items() if other != field}
        assert not verifies_v1(request, fewer, "SKtest"), field
    assert not verifies_v1(request, {**fields, "Extra": ""}, "SKtest")
