"""What clients do that the documents don't foresee, answered as if they had done as documented."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from tests.contract.raw import BILLING, MODES, PARTNER, Api, Draft, Message, Mode, ask
from tests.serving import Running

V3: tuple[Mode, ...] = ("v3 POST", "v3 GET")
V1: tuple[Mode, ...] = ("v1 POST", "v1 GET")
FORM = "application/x-www-form-urlencoded"
LOCAL = "127.0.0.1:8750"


def every_mode(*modes: Mode, name: str, **changes: Any) -> list[Any]:
    """The good request with these changes, once for each mode."""
    return [
        pytest.param(Draft(PARTNER, mode, **changes), id=f"{mode} {name}")
        for mode in modes or MODES
    ]


def sent_with(**headers: str | None) -> list[Callable[[Message], Message]]:
    """Headers that are changed once the signature is made."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return [lambda message: message.with_headers(named)]


def target(old: str, new: str) -> list[Callable[[Message], Message]]:
    """The request's target spelled differently once the signature is made."""

    def respelled(message: Message) -> Message:
        assert old in message.target
        return replace(message, target=message.target.replace(old, new, 1))

    return [respelled]


def written(old: bytes, new: bytes) -> list[Callable[[Message], Message]]:
    """The form or query spelled differently once the signature is made."""

    def respelled(message: Message) -> Message:
        target = message.target.replace(old.decode(), new.decode())
        spelled = replace(message, target=target).with_body(message.body.replace(old, new))
        assert spelled != message
        return spelled

    return [respelled]


def names_in(case: Callable[[str], str]) -> list[Callable[[Message], Message]]:
    def respelled(message: Message) -> Message:
        return replace(message, headers={case(n): v for n, v in message.headers.items()})

    return [respelled]


def authorization(old: str, new: str) -> list[Callable[[Message], Message]]:
    def respelled(message: Message) -> Message:
        header = message.headers["Authorization"]
        assert old in header
        return message.with_headers({"Authorization": header.replace(old, new)})

    return [respelled]


HOSTS = [
    *every_mode(name="host with scheme", host=f"http://{LOCAL}"),
    *every_mode(name="host with scheme and slash", host=f"http://{LOCAL}/"),
    *every_mode(name="signed without port", host="127.0.0.1", after=sent_with(Host=LOCAL)),
    *every_mode(name="signed without scheme", host=LOCAL, after=sent_with(Host=f"http://{LOCAL}")),
    *every_mode(
        name="signed in lower case", host="localhost:8750", after=sent_with(Host="LocalHost:8750")
    ),
    *every_mode(name="ipv6", host="[::1]:8750"),
    *every_mode(name="the service's name", host="intlpartnersmgt:8750"),
    *every_mode(name="the service's name in capitals", host="INTLPARTNERSMGT.Example.COM"),
    *(
        param
        for middle in ("", ".intl", ".ap-guangzhou", ".internal")
        for param in every_mode(
            name=f"real host {middle}", host=f"intlpartnersmgt{middle}.tencentcloudapi.com"
        )
    ),
    *(
        param
        for scope in ("127", "billing", "localhost", "sts")
        for param in every_mode(*V3, name=f"scope {scope}", scope=scope)
    ),
]

TARGETS = [
    *every_mode("v3 POST", "v1 POST", name="/?", after=target("/", "/?")),
    *every_mode("v3 POST", "v1 POST", name="absolute", after=target("/", f"http://{LOCAL}/")),
    *every_mode("v3 POST", "v1 POST", name="absolute, bare", after=target("/", f"http://{LOCAL}")),
    *every_mode("v3 GET", "v1 GET", name="absolute", after=target("/?", f"http://{LOCAL}/?")),
    *every_mode("v3 GET", "v1 GET", name="absolute, bare", after=target("/?", f"http://{LOCAL}?")),
    *every_mode(name="prefix, signed as /", after=target("/", "/prefix")),
    *every_mode(*V1, name="prefix, signed so", path="/prefix"),
    *every_mode(name="a file's name", after=target("/", "/index.html")),
    *every_mode("v3 POST", name="a query beside the body", after=target("/", "/?Page=2&bare")),
]

FIELDS = [
    *every_mode(
        *V1, name="bare Region", common={"Region": ""}, after=written(b"Region=", b"Region")
    ),
    *every_mode(*V1, name="nonce 0", common={"Nonce": "0"}),
    *every_mode(*V1, name="nonce 2^63-1", common={"Nonce": str(2**63 - 1)}),
    *(
        param
        for method in ("HmacSHA1", None, "hmacsha256", "")
        for param in every_mode(*V1, name=f"by {method}", common={"SignatureMethod": method})
    ),
    *every_mode(*V1, name="empty pairs", more="&&"),
    *every_mode("v3 GET", name="empty pairs", more="&&"),
    *every_mode(*V1, name="escaped digits", after=written(b"PageSize=10", b"PageSize=%31%30")),
    *every_mode(*V1, name="escaped names", after=written(b"PageSize=", b"Page%53ize=")),
    *every_mode(
        "v3 GET",
        name="escaped digits",
        query="Page=%31&PageSize=10&CustomerUin=800000495142&VoucherId=%31%32130012",
    ),
    *every_mode("v1 POST", name="charset", headers={"Content-Type": f"{FORM}; charset=utf-8"}),
    *every_mode("v1 GET", name="content type", headers={"Content-Type": FORM}),
    *every_mode("v1 GET", name="content length", headers={"Content-Length": "0"}),
]

HEADERS = [
    *every_mode(name="upper-case names", after=names_in(str.upper)),
    *every_mode(name="lower-case names", after=names_in(str.lower)),
    *(
        param
        for text in ("", "null", "ap-guangzhou", "nowhere")
        for param in every_mode(name=f"region '{text}'", common={"Region": text})
    ),
    *every_mode(name="empty token", common={"Token": ""}),
    *every_mode(name="client", common={"RequestClient": "SDK_GO_3.0.1474"}),
    *every_mode(name="idempotency key", headers={"X-Idempotency-Key": "x"}),
    *every_mode(name="gzip", headers={"Accept-Encoding": "gzip, deflate"}),
    *every_mode(
        "v3 POST", name="charset", headers={"Content-Type": "application/json; charset=utf-8"}
    ),
    *every_mode("v3 POST", name="type in capitals", headers={"Content-Type": "Application/JSON"}),
    *every_mode("v3 GET", name="content length", headers={"Content-Length": "0"}),
    *every_mode("v3 GET", name="another type", headers={"Content-Type": "application/json"}),
    *every_mode(*V3, name="two spaces", after=authorization("SHA256 ", "SHA256  ")),
    *every_mode(*V3, name="no spaces", after=authorization(", ", ",")),
    *every_mode(
        *V3,
        name="hash of the body",
        headers={"X-TC-Content-SHA256": hashlib.sha256(b"{}").hexdigest()},
    ),
    *every_mode(*V3, name="unsigned", headers={"X-TC-Content-SHA256": "UNSIGNED-PAYLOAD"}),
    *every_mode(*V3, name="other mode", headers={"X-TC-Content-SHA256": "unsigned-payload"}),
]

BODIES = [
    *every_mode("v3 POST", name="null members", members={"Month": None, "Bogus": None}),
    *every_mode(
        "v3 POST",
        name="escapes",
        body=rb'{"P\u0061ge":1,"PageSize":10,"Month":"",'
        rb'"CustomerUin":800000495142,"VoucherId":12130012}',
    ),
    *every_mode(
        "v3 POST",
        name="blanks",
        body=b' {"Page" : 1,\n"PageSize":10,\r\n"CustomerUin":\t'
        b'800000495142,"VoucherId":12130012} \n',
    ),
    *every_mode(name="empty month", members={"Month": ""}),
]


def content(address: str, draft: Draft) -> dict[str, Any]:
    response = ask(address, draft).response
    response.pop("RequestId")
    return response


@pytest.mark.parametrize("draft", [*HOSTS, *TARGETS, *FIELDS, *HEADERS, *BODIES])
def test_answered_as_if_documented(sample_server: Running, draft: Draft) -> None:
    good = content(sample_server.address, Draft(PARTNER, "v3 POST"))
    assert good["TotalRecordsCount"] == 2
    assert content(sample_server.address, draft) == good


@pytest.mark.parametrize("body", [b"", b" \n", b"{}", b"null", b" null\n"])
def test_no_body_is_an_empty_object(sample_server: Running, body: bytes) -> None:
    for api in (PARTNER, BILLING):
        draft = Draft(api, "v3 POST", body=body)
        expected = f"The request is missing a required parameter `{next(iter(api.members))}`."
        assert ask(sample_server.address, draft).error == ("MissingParameter", expected)


def test_an_unsigned_body_may_be_any(sample_server: Running) -> None:
    other = Draft(PARTNER, members={"PageSize": 1}).message()
    for mode, expected in (("UNSIGNED-PAYLOAD", ""), ("", "AuthFailure.SignatureFailure")):
        message = Draft(PARTNER, headers={"X-TC-Content-SHA256": mode}).message()
        answer = ask(sample_server.address, message.with_body(other.body))
        assert answer.error[0] == expected
        assert len(answer.response.get("Data", ())) == (expected == "")


@pytest.mark.parametrize("mode", MODES)
def test_a_replayed_request_is_answered_again(sample_server: Running, mode: Mode) -> None:
    message = Draft(PARTNER, mode).message()
    first, second = (ask(sample_server.address, message).response for _ in range(2))
    assert first.pop("RequestId") != second.pop("RequestId")
    assert first == second


@pytest.mark.parametrize("ending", ["%0A", "%0D%0A", "%20"])
@pytest.mark.parametrize("mode", V1)
def test_a_v1_signature_with_a_line_end(sample_server: Running, mode: Mode, ending: str) -> None:
    draft = Draft(PARTNER, mode)
    draft.more = ending  # after the last field, which is the signature
    assert ask(sample_server.address, draft).error == ("", "")


def test_a_plus_in_a_v1_signature_may_come_unescaped(sample_server: Running) -> None:
    for nonce in range(1, 200):
        message = Draft(PARTNER, "v1 GET", common={"Nonce": str(nonce)}).message()
        if "%2B" in message.target:
            break
    respelled = replace(message, target=message.target.replace("%2B", "+"))
    assert respelled != message
    assert ask(sample_server.address, respelled).error == ("", "")


def test_a_v1_request_may_have_its_fields_beside_json(sample_server: Running) -> None:
    message = Draft(PARTNER, "v1 POST", headers={"Content-Type": "application/json"}).message()
    beside = replace(message, target="/?" + message.body.decode()).with_body(b"{}")
    assert ask(sample_server.address, beside).error == ("", "")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("host", "api"),
    [("billing.intl.tencentcloudapi.com", PARTNER), ("intlpartnersmgt.localhost:8750", BILLING)],
)
def test_the_host_decides_the_service_before_the_version(
    sample_server: Running, mode: Mode, host: str, api: Api
) -> None:
    service = host.partition(".")[0]
    draft = Draft(api, mode, host=host, scope=service)
    text = f"The specified api version=`{api.version}` does not exist in service=`{service}`."
    assert ask(sample_server.address, draft).error == ("NoSuchVersion", text)


@pytest.mark.parametrize(
    ("mode", "scope", "named"),
    [("v3 POST", "cvm", "cvm"), ("v3 GET", "127", "127"), ("v1 GET", "", "127")],
)
def test_a_local_host_and_an_unknown_version_name_no_product(
    sample_server: Running, mode: Mode, scope: str, named: str
) -> None:
    draft = Draft(BILLING, mode, host=LOCAL, scope=scope, common={"Version": "2017-03-12"})
    text = f"The specified service=`{named}` does not exist."
    assert ask(sample_server.address, draft).error == ("NoSuchProduct", text)


@pytest.mark.parametrize(
    "draft",
    [
        Draft(PARTNER, body=b'{"Page":7,' + json.dumps(PARTNER.members).encode()[1:]),
        Draft(PARTNER, "v3 GET", members={"Page": 7}, more="&Page=1"),
        Draft(PARTNER, "v1 GET", after=written(b"Page=1&", b"Page=7&Page=1&")),
        Draft(PARTNER, "v1 POST", after=written(b"Page=1&", b"Page=7&Page=1&")),
    ],
    ids=lambda draft: draft.mode,
)
def test_the_last_of_a_repeated_member_counts(sample_server: Running, draft: Draft) -> None:
    assert len(ask(sample_server.address, draft).response["Data"]) == 2
