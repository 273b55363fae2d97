"""Servers that start together on one folder or database are both fine."""

import contextlib
import socket
from pathlib import Path

import pytest
from tests.databases import query
from tests.fault.asking import is_right
from tests.fault.conftest import Serve
from tests.fault.process import processes_of

from counterfoil.store import embedded

# What the sample holds when it was loaded once.
SAMPLE = """
    select (select count(*) from account), (select count(*) from credential),
           (select count(*) from voucher), (select count(*) from usage)
"""
LOADED_ONCE = [(7, 7, 3, 1237)]


def test_on_a_fresh_folder(serve: Serve, fresh: Path) -> None:
    servers = [serve(fresh, "--sample") for _ in range(2)]
    for server in servers:
        assert is_right(server.wait_ready().address)
    assert query(embedded.dsn(fresh), SAMPLE) == LOADED_ONCE
    first, second = servers
    assert first.end() == 0
    assert is_right(second.address)  # PostgreSQL serves the one that is left
    assert second.end() == 0
    assert [server.errors() for server in servers] == ["", ""]
    assert processes_of(fresh) == []


@pytest.mark.dsn
def test_on_an_empty_database(serve: Serve, tmp_path: Path, database: str) -> None:
    servers = [serve(tmp_path, "--sample", "--database", database) for _ in range(3)]
    for server in servers:
        assert is_right(server.wait_ready().address)
    assert query(database, SAMPLE) == LOADED_ONCE
    assert [server.end() for server in servers] == [0, 0, 0]
    assert [server.errors() for server in servers] == ["", "", ""]


def test_on_one_port(serve: Serve, tmp_path: Path) -> None:
    port = str(free_port())
    servers = [serve(tmp_path / name, "--port", port) for name in ("a", "b")]
    lines = [server.process.stdout.readline() for server in servers if server.process.stdout]
    assert sorted(lines) == ["", f"listening on http://127.0.0.1:{port}\n"]
    refused = servers[lines.index("")]
    assert refused.wait() == 2
    assert "Address already in use" in refused.errors()
    assert refused.errors().count("\n") == 1


def free_port() -> int:
    """A free port that no other test gets when it asks for any."""
    for port in range(20_000, 30_000):
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError("no port is free")
