"""How large a request may be: the last byte that is accepted, and what is said of the next.

Where a request is too large it is read to its end all the same: else clients that write all of it
before they read would see a cut connection in place of the answer.
"""

import json
from contextlib import ExitStack

import pytest
from tests.contract.envelope import opened
from tests.contract.raw import BILLING, PARTNER, Answer, Connection, Draft, Message, Mode, ask
from tests.serving import Running

KB = 1024
MB = 1024 * KB
TOO_LARGE = ("RequestSizeLimitExceeded", "The request size exceeds the upper limit.")
FORM_TOO_LARGE = (
    "AuthFailure.SignatureFailure",
    "The provided credentials could not be validated because of exceeding request size limit, "
    "please use new signature method `TC3-HMAC-SHA256`.",
)

TOO_MUCH_AT_ONCE = (
    "ServiceUnavailable",
    "The service is receiving too much at once. Please try again later.",
)


def get_of(size: int, mode: Mode) -> Message:
    """A good GET of so many bytes in all; its query ends in empty pairs."""
    bare = len(Draft(PARTNER, mode).message().encoded())
    message = Draft(PARTNER, mode, more="&" * (size - bare)).message()
    assert len(message.encoded()) == size
    return message


def json_of(size: int) -> Message:
    """A good POST with a body of so many bytes; it ends in blanks."""
    body = json.dumps(BILLING.members).encode().ljust(size)
    return Draft(BILLING, "v3 POST", body=body).message()


def form_of(size: int) -> Message:
    """A good form of so many bytes; it ends in empty pairs."""
    bare = len(Draft(BILLING, "v1 POST").message().body)
    message = Draft(BILLING, "v1 POST", more="&" * (size - bare)).message()
    assert len(message.body) == size
    return message


def error_of(answer: Answer) -> tuple[str, str]:
    opened(answer)
    return answer.error


@pytest.mark.parametrize("mode", ["v3 GET", "v1 GET"])
def test_get(sample_server: Running, mode: Mode) -> None:
    assert error_of(ask(sample_server.address, get_of(32 * KB, mode))) == ("", "")
    for size in (32 * KB + 1, 48 * KB):
        assert error_of(ask(sample_server.address, get_of(size, mode))) == TOO_LARGE


def test_get_with_large_headers(sample_server: Running) -> None:
    for size, expected in ((30 * KB, ("", "")), (33 * KB, TOO_LARGE)):
        draft = Draft(PARTNER, "v3 GET", headers={"Cookie": "x" * size})
        assert error_of(ask(sample_server.address, draft)) == expected


def test_json(sample_server: Running) -> None:
    assert error_of(ask(sample_server.address, json_of(10 * MB))) == ("", "")
    for size in (10 * MB + 1, 24 * MB):
        assert error_of(ask(sample_server.address, json_of(size))) == TOO_LARGE


def test_form(sample_server: Running) -> None:
    assert error_of(ask(sample_server.address, form_of(MB))) == ("", "")
    for size in (MB + 1, 11 * MB):
        assert error_of(ask(sample_server.address, form_of(size))) == FORM_TOO_LARGE


def test_a_too_large_request_is_refused_before_anybody_is_believed(sample_server: Running) -> None:
    message = json_of(10 * MB + 1).with_headers({"X-TC-Timestamp": None, "Authorization": "SKIP"})
    assert error_of(ask(sample_server.address, message)) == TOO_LARGE


def test_strangers_share_64_mb(sample_server: Running) -> None:
    """Bodies that are still on their way, and so not yet anybody's, crowd out others; those that
    are given up make room again."""
    small, large = json_of(KB), json_of(2 * MB)
    with ExitStack() as stack:
        for _ in range(7):
            connection = stack.enter_context(Connection(sample_server.address))
            connection.send(json_of(9 * MB + 1).encoded()[:-1])
        for _ in range(100):  # in the meantime the server reads what has been sent
            assert error_of(ask(sample_server.address, small)) == ("", "")
        assert error_of(ask(sample_server.address, large)) == TOO_MUCH_AT_ONCE
        assert error_of(ask(sample_server.address, small)) == ("", "")
    for _ in range(100):  # likewise, that the others have left
        assert error_of(ask(sample_server.address, small)) == ("", "")
    assert error_of(ask(sample_server.address, large)) == ("", "")
