"""Log lines are JSON on standard error, whoever breaks what; and no secret gets out."""

import base64
import json
import os
import signal
import socket
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.contract.raw import BILLING, PARTNER, Connection, Draft, ask
from tests.fault.asking import health, is_right
from tests.fault.conftest import Serve
from tests.fault.process import processes_of
from tests.store.owner_process import eventually, installed_package, server_pid

from counterfoil.ledger.sample import KEYS
from counterfoil.store import embedded


def garbage(address: str, request: bytes) -> None:
    with Connection(address) as connection:
        connection.send(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20)
        connection.receive()


def gone_in_the_head(address: str, request: bytes) -> None:
    with Connection(address) as connection:
        connection.send(request[:40])


def gone_in_the_body(address: str, request: bytes) -> None:
    with Connection(address) as connection:
        connection.send(request[:-5])


def gone_before_the_answer(address: str, request: bytes) -> None:
    host, _, port = address.rpartition(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(request)
        reset_at_once = struct.pack("ii", 1, 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset_at_once)


def garbage_after_requests(address: str, request: bytes) -> None:
    """Hung up on while the first request is answered and the second waits."""
    with Connection(address) as connection:
        connection.send(request * 2 + b"\0")
        connection.receive()


def a_web_socket(address: str, request: bytes) -> None:
    upgrade = b"Connection: Upgrade\r\nUpgrade: websocket\r\n"
    with Connection(address) as connection:
        connection.send(request.replace(b"\r\n", b"\r\n" + upgrade, 1))
        connection.receive()


BROKEN: list[Callable[[str, bytes], None]] = [
    garbage, gone_in_the_head, gone_in_the_body, gone_before_the_answer, a_web_socket,
    garbage_after_requests,
]  # fmt: skip


def test_broken_clients_leave_no_trace(serve: Serve, data: Path) -> None:
    server = serve(data, "--sample", "--no-rate-limit").wait_ready()
    request = Draft(PARTNER, host=server.address).message().encoded()
    for _ in range(10):
        for break_off in BROKEN:
            break_off(server.address, request)
    assert is_right(server.address)
    assert server.end() == 0
    assert server.errors() == ""


@pytest.mark.parametrize(
    ("level", "events"),
    [
        ("info", ["listening", "postgresql_died", "postgresql_restarted", "stopping"]),
        ("warning", ["postgresql_died", "postgresql_restarted"]),
    ],
)
def test_lines_are_json(serve: Serve, data: Path, level: str, events: list[str]) -> None:
    server = serve(data, "--sample", "--log-level", level).wait_ready()
    os.kill(server_pid(data), signal.SIGKILL)
    eventually(lambda: "postgresql_restarted" in server.errors(), within_s=30)
    assert server.end() == 0
    lines = [json.loads(line) for line in server.errors().splitlines()]
    assert [line["event"] for line in lines] == events
    assert all({"level", "timestamp"} <= line.keys() for line in lines)
    assert server.rest_of_output() == ""


def test_a_log_that_nobody_reads_any_more(serve: Serve, data: Path) -> None:
    read_end, write_end = os.pipe()
    server = serve(data, "--sample", "--log-level", "info", log=write_end).wait_ready()
    os.close(write_end)
    os.close(read_end)
    for _ in range(2):
        os.kill(server_pid(data), signal.SIGKILL)
        eventually(lambda: health(server.address) == 503)
        eventually(lambda: health(server.address) == 200, within_s=30)
    assert is_right(server.address)
    assert server.end() == 0
    assert processes_of(data) == []


def test_no_secret_is_in_logs_errors_or_a_dump(serve: Serve, data: Path) -> None:
    server = serve(data, "--sample", "--log-level", "debug").wait_ready()
    odd = {"Timestamp": "1", "SecretId": "AKIDNOBODY", "Version": "odd"}
    answers = [
        ask(server.address, Draft(api, host=server.address, common={**common}, body=body)).body
        for api in (PARTNER, BILLING)
        for common in ({}, *({name: value} for name, value in odd.items()))
        for body in (None, b"{")
    ]
    os.kill(server_pid(data), signal.SIGKILL)

    def is_told() -> bool:  # sessions outlive the server that was killed by a moment
        answers.append(ask(server.address, Draft(PARTNER, host=server.address)).body)
        return "unavailable" in server.errors()

    eventually(is_told)
    eventually(lambda: health(server.address) == 200, within_s=30)
    dump = subprocess.run(
        [installed_package() / "pginstall" / "bin" / "pg_dump", embedded.dsn(data)],
        capture_output=True,
        check=True,
    ).stdout
    assert server.end() == 0
    assert all(json.loads(line) for line in server.errors().splitlines())
    seen = b"\n".join([*answers, server.errors().encode(), dump])
    assert b"AKIDSAMPLERESELLER" in dump
    assert b"unavailable" in seen
    master_key = (data / "master.key").read_text().strip()
    for secret in [*(key.secret_key for key in KEYS), master_key]:
        plain = secret.encode()
        for form in (plain, plain.hex().encode(), base64.b64encode(plain)):
            assert form not in seen
