"""HTTP/1.1 as clients use it, and what is not HTTP."""

from contextlib import suppress

import pytest
from tests.contract.envelope import opened
from tests.contract.raw import MODES, PARTNER, Answer, Connection, Draft, Mode, ask
from tests.serving import Running

NOT_HTTP = [
    b"hello\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # TLS
    b"SSH-2.0-OpenSSH_9.6\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"GET /\r\n\r\n",
    b"GET / HTTP/3.7\r\n\r\n",
    b"GET / HTTP/1.1\n\n",
    b"get / HTTP/1.1\r\n\r\n",
    b"GET /\x00 HTTP/1.1\r\n\r\n",
    b"GET /\xc3\xbc HTTP/1.1\r\n\r\n",
    b"GET ?a=b HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nName with blanks: x\r\n\r\n",
    b"GET / HTTP/1.1\r\n: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nX-TC-TraceId: a\x01b\r\n\r\n",
    b"GET / HTTP/1.1\r\nX: a\r\n folded\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
    b"POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nno length\r\n",
]


def received(connection: Connection) -> Answer:
    answer = connection.receive()
    assert answer is not None
    return answer


def is_answered(address: str) -> bool:
    return ask(address, Draft(PARTNER)).error == ("", "")


@pytest.mark.parametrize("data", NOT_HTTP, ids=lambda data: repr(data[:40]))
def test_what_is_not_http_gets_400_and_a_closed_connection(
    sample_server: Running, data: bytes
) -> None:
    with Connection(sample_server.address) as connection:
        connection.send(data)
        answer = received(connection)
        assert answer.status == 400
        assert answer.header("connection") == "close"
        assert answer.body.decode().isprintable() or answer.body.endswith(b"\n")
        assert connection.is_closed()
    assert is_answered(sample_server.address)


def test_a_head_without_end_is_cut_off(sample_server: Running) -> None:
    with Connection(sample_server.address) as connection:
        # It may be told why, or be cut off while it still writes.
        with suppress(ConnectionError):
            connection.send(b"GET / HTTP/1.1\r\nX: " + b"x" * 2_000_000)
        answer = connection.receive()
        assert answer is None or answer.status == 400
        assert connection.is_closed()
    assert is_answered(sample_server.address)


def test_many_requests_on_one_connection(sample_server: Running) -> None:
    with Connection(sample_server.address) as connection:
        for number in range(30):
            members = {"Bogus": 1} if number % 3 == 0 else {}
            connection.send(Draft(PARTNER, members=members).message().encoded())
            assert ("Error" in opened(received(connection))) is bool(members)


@pytest.mark.parametrize("blanks", [0, 100_000])
def test_pipelined_requests_are_answered_in_order(sample_server: Running, blanks: int) -> None:
    body = Draft(PARTNER).message().body + b" " * blanks
    pieces = [
        Draft(PARTNER, body=body, headers={"X-TC-TraceId": str(number)}).message().encoded()
        for number in range(10)
    ]
    data, last_head = b"".join(pieces[:-1]) + pieces[-1][:20], pieces[-1][20:]
    with Connection(sample_server.address) as connection:
        connection.send(data)  # so that the server may read much data and a little of a head
        answers = [received(connection) for _ in pieces[1:]]
        connection.send(last_head)
        answers.append(received(connection))
    assert [answer.header("x-tc-traceid") for answer in answers] == [str(n) for n in range(10)]
    assert all("Data" in opened(answer) for answer in answers)


@pytest.mark.parametrize("size", [0, 2_000_000])
def test_a_client_that_expects_100_continue(sample_server: Running, size: int) -> None:
    body = Draft(PARTNER).message().body + b" " * size
    message = Draft(PARTNER, body=body, headers={"Expect": "100-continue"}).message()
    with Connection(sample_server.address) as connection:
        connection.send(message.encoded().removesuffix(body))
        assert received(connection).status == 100
        connection.send(body)
        assert "Data" in opened(received(connection))


def test_a_request_in_small_pieces(sample_server: Running) -> None:
    data = Draft(PARTNER).message().encoded()
    with Connection(sample_server.address) as connection:
        for start in range(0, len(data), 7):
            connection.send(data[start : start + 7])
        assert "Data" in opened(received(connection))


def test_a_chunked_body(sample_server: Running) -> None:
    message = Draft(PARTNER).message()
    head = message.with_body(b"").with_headers(
        {"Content-Length": None, "Transfer-Encoding": "chunked"}
    )
    chunks = [message.body[:10], message.body[10:], b""]
    with Connection(sample_server.address) as connection:
        connection.send(head.encoded())
        for chunk in chunks:
            connection.send(b"%x\r\n%b\r\n" % (len(chunk), chunk))
        assert "Data" in opened(received(connection))


def test_blank_lines_between_requests(sample_server: Running) -> None:
    data = Draft(PARTNER).message().encoded()
    with Connection(sample_server.address) as connection:
        for before in (b"\r\n", b"\r\n\r\n", b"\n", b""):
            connection.send(before)
            connection.send(data)
            assert "Data" in opened(received(connection))


@pytest.mark.parametrize("wish", ["h2c", "websocket", "TLS/1.0, h2c"])
@pytest.mark.parametrize("mode", MODES)
def test_a_client_that_wishes_for_another_protocol(
    sample_server: Running, mode: Mode, wish: str
) -> None:
    """As Java's does at first, for HTTP/2."""
    headers: dict[str, str | None] = {
        "Connection": "Upgrade, HTTP2-Settings",
        "Upgrade": wish,
        "HTTP2-Settings": "AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA",
    }
    data = Draft(PARTNER, mode, headers=headers).message().encoded()
    with Connection(sample_server.address) as connection:
        for cut in (0, 40, len(data) - 10):  # whole, and in two pieces
            connection.send(data[:cut])
            connection.send(data[cut:])
            assert "Data" in opened(received(connection))


@pytest.mark.parametrize("version", [b"1.0", b"1.1"])
def test_a_client_that_wishes_for_another_protocol_and_a_close(
    sample_server: Running, version: bytes
) -> None:
    headers: dict[str, str | None] = {"Connection": "close, Upgrade", "Upgrade": "h2c"}
    data = Draft(PARTNER, headers=headers).message().encoded()
    with Connection(sample_server.address) as connection:
        connection.send(data.replace(b" HTTP/1.1\r\n", b" HTTP/%b\r\n" % version, 1))
        assert "Data" in opened(received(connection))
        assert connection.is_closed()


def test_pipelined_wishes_for_another_protocol(sample_server: Running) -> None:
    wishes = b"GET / HTTP/1.1\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n" * 1_100
    with Connection(sample_server.address) as connection:
        connection.send(wishes + Draft(PARTNER).message().encoded())
        for _ in range(1_100):
            assert "Error" in opened(received(connection))
        assert "Data" in opened(received(connection))


@pytest.mark.parametrize("value", ["close", "Close"])
def test_a_client_that_asks_to_close(sample_server: Running, value: str) -> None:
    message = Draft(PARTNER, headers={"Connection": value}).message()
    with Connection(sample_server.address) as connection:
        connection.send(message.encoded())
        assert "Data" in opened(received(connection))
        assert connection.is_closed()


def test_http_1_0(sample_server: Running) -> None:
    data = Draft(PARTNER).message().encoded().replace(b" HTTP/1.1\r\n", b" HTTP/1.0\r\n", 1)
    with Connection(sample_server.address) as connection:
        connection.send(data)
        assert "Data" in opened(received(connection))
        assert connection.is_closed()


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_a_client_that_leaves_halfway(sample_server: Running, part: float) -> None:
    data = Draft(PARTNER).message().encoded()
    for _ in range(20):
        with Connection(sample_server.address) as connection:
            connection.send(data[: int(len(data) * part)])
    assert is_answered(sample_server.address)
