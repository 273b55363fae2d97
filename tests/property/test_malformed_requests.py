"""Whatever parses as HTTP is answered with 200 and the envelope, and never by InternalError; what
does not gets a 400 and a closed connection. The server lives on either way."""

import os
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.contract.envelope import opened
from tests.contract.raw import BILLING, PARTNER, Answer, Connection, Draft, Message, ask
from tests.property.parsed import Parsed
from tests.property.requests import messages
from tests.serving import Running

EXAMPLES = 200_000 if os.environ.get("SOAK") else 1_500

thorough = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


class Line:
    """A connection that is kept, and made anew when a request got no answer."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._connection = Connection(address)

    def answer(self, message: Message) -> Answer:
        self._connection.send(message.encoded())
        answer = self._connection.receive()
        if answer is None:
            self.close()
            self._connection = Connection(self._address)
        assert answer is not None, "the server closed without an answer"
        return answer

    def close(self) -> None:
        self._connection.close()


@pytest.fixture(scope="module")
def line(sample_server: Running) -> Iterator[Line]:
    """A line to the sample; the server must still answer as ever when all is over."""
    before = _seeds(sample_server.address)
    line = Line(sample_server.address)
    yield line
    line.close()
    assert _seeds(sample_server.address) == before


def _seeds(address: str) -> list[dict[str, Any]]:
    responses = [ask(address, Draft(api)).response for api in (PARTNER, BILLING)]
    for response in responses:
        assert "Error" not in response
        del response["RequestId"]
    return responses


def check_answer(answer: Answer) -> None:
    response = opened(answer)
    assert not response.get("Error", {}).get("Code", "").startswith("InternalError"), response


@settings(thorough, max_examples=EXAMPLES * 4 // 5)
@given(message=messages())
def test_every_request_is_answered_in_the_envelope(line: Line, message: Message) -> None:
    check_answer(line.answer(message))


@settings(thorough, max_examples=EXAMPLES // 5)
@given(
    message=messages(),
    where=st.integers(0, 2000),
    cut=st.integers(0, 5),
    noise=st.binary(max_size=5) | st.sampled_from([b"\r\n", b"\r\n\r\n", b"\n", b": ", b"\0"]),
)
def test_garbled_bytes_are_answered_or_refused(
    sample_server: Running, line: Line, message: Message, where: int, cut: int, noise: bytes
) -> None:
    data = message.encoded()
    where %= len(data) - len(message.body)
    data = data[:where] + noise + data[where + cut :]
    parsed = Parsed(data)
    with Connection(sample_server.address) as connection:
        with suppress(ConnectionError):  # it may be cut off while it still writes
            connection.send(data)
        for _ in range(len(parsed.methods) + parsed.is_broken):
            answer = connection.receive()
            if answer is None or answer.status != 200:
                assert parsed.is_broken
                assert answer is None or answer.status == 400
                assert connection.is_closed()
                return
            check_answer(answer)
