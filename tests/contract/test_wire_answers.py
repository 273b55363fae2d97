"""Every answer's head and envelope, for successes and refusals alike."""

import uuid
from dataclasses import replace

import pytest
from tests.contract.envelope import opened
from tests.contract.raw import APIS, MODES, PARTNER, Answer, Api, Connection, Draft, Mode, ask
from tests.serving import Running

REFUSED = {"VoucherId": "x"}
TRACE_ID = "5C1D4C7A-not-a-uuid/über"


def both(address: str, api: Api, mode: Mode, **headers: str | None) -> list[Answer]:
    """A success and a refusal."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answers = [
        ask(address, Draft(api, mode, headers=named)),
        ask(address, Draft(api, mode, headers=named, members={"Bogus": "x"})),
    ]
    assert [bool(answer.error[0]) for answer in answers] == [False, True]
    return answers


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("api", APIS, ids=lambda api: api.service)
def test_head_and_envelope(sample_server: Running, api: Api, mode: Mode) -> None:
    for answer in both(sample_server.address, api, mode):
        opened(answer)
        assert {name for name, _ in answer.headers} == {"date", "content-type", "content-length"}


@pytest.mark.parametrize("mode", MODES)
def test_the_trace_id_is_echoed(sample_server: Running, mode: Mode) -> None:
    for answer in both(sample_server.address, PARTNER, mode, X_TC_TraceId=TRACE_ID):
        assert answer.header("X-TC-TraceId") == TRACE_ID
        assert opened(answer)["RequestId"] != TRACE_ID
    for absent in (None, "", " "):
        for answer in both(sample_server.address, PARTNER, mode, X_TC_TraceId=absent):
            assert answer.header("X-TC-TraceId") is None


def test_every_request_has_an_id_of_its_own(sample_server: Running) -> None:
    trace_id = str(uuid.uuid4())
    given = [
        opened(answer)["RequestId"]
        for _ in range(50)
        for answer in both(sample_server.address, PARTNER, "v3 POST", X_TC_TraceId=trace_id)
    ]
    assert len({*given, trace_id}) == 101


@pytest.mark.parametrize(
    ("language", "name"), [("en-US", "Cloud Virtual Machine (CVM)"), ("zh-CN", "云服务器CVM")]
)
def test_text_is_utf_8(sample_server: Running, language: str, name: str) -> None:
    answer = ask(sample_server.address, Draft(PARTNER, common={"Language": language}))
    assert opened(answer)["Data"][0]["ProductCodeName"] == name
    assert name.encode() in answer.body


@pytest.mark.parametrize("path", ["/", "/prefix", "/a/b.html", "/%00", "/..", "//", "/healthz/"])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_every_path_is_the_api(sample_server: Running, path: str, method: str) -> None:
    message = replace(Draft(PARTNER, "v1 GET").message(), method=method, target=path)
    code, _ = ask(sample_server.address, message).error
    known = {"GET": "MissingParameter", "POST": "UnsupportedProtocol"}
    assert code == known.get(method, "UnsupportedProtocol")


def test_head_requests_are_refused_without_a_body(sample_server: Running) -> None:
    message = replace(Draft(PARTNER, "v1 GET").message(), method="HEAD")
    with Connection(sample_server.address) as connection:
        for _ in range(2):
            connection.send(message.encoded())
            answer = connection.receive(is_head=True)
            assert answer is not None
            assert (answer.status, answer.header("content-type")) == (200, "application/json")


def test_pages_that_are_not_the_api(sample_server: Running) -> None:
    with Connection(sample_server.address) as connection:
        for page, content_type in (("/healthz", "text/plain"), ("/metrics", "text/plain")):
            connection.send(f"GET {page} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            answer = connection.receive()
            assert answer is not None
            assert answer.status == 200
            assert (answer.header("content-type") or "").startswith(content_type)
