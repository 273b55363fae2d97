"""The yardsticks that are PostgreSQL alone: the same programs, run as the server runs them."""

import re
import time
from pathlib import Path

from counterfoil.store.embedded.cluster import INITDB_OPTIONS
from counterfoil.store.embedded.privileges import choose
from counterfoil.store.embedded.programs import folder_of_programs


class BarePostgresql:
    """A cluster of its own in a folder, with initdb's default settings and a unix socket."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._cluster = folder / "cluster"
        folder.mkdir()
        self._identity = choose(folder)
        self._identity.own(folder)
        self._programs = folder_of_programs(self._identity, folder)

    def initdb(self) -> float:
        """Makes the cluster; the seconds it took."""
        return self._timed("initdb", f"--pgdata={self._cluster}", *INITDB_OPTIONS)

    def start(self) -> float:
        """Starts the server with pg_ctl, which waits until it is ready; the seconds it took."""
        options = f"-c listen_addresses= -c unix_socket_directories={self._folder}"
        log = self._folder / "log"
        return self._timed("pg_ctl", "start", "-D", self._cluster, "-l", log, "-o", options)

    @property
    def dsn(self) -> str:
        """How to connect to it."""
        return f"postgresql://postgres@/postgres?host={self._folder}"

    def fill_pgbench(self) -> None:
        """Makes pgbench's own tables, 1,000,000 accounts."""
        self._timed("pgbench", "-i", "-q", "-s", "10", *self._login)

    def pgbench(self, seconds: int) -> float:
        """Transactions a second, tpcb-like, prepared, 8 clients."""
        options = ["-M", "prepared", "-c", "8", "-j", "2", "-T", str(seconds), *self._login]
        done = self._identity.run([self._programs / "pgbench", *options])
        found = re.search(r"tps = ([0-9.]+) \(without", done.stdout)
        if found is None:
            raise RuntimeError(f"pgbench failed: {done.stdout}")
        return float(found[1])

    @property
    def _login(self) -> list[str]:
        return ["-h", str(self._folder), "-U", "postgres", "postgres"]

    def stop(self) -> None:
        """Stops the server; returns when it has ended."""
        self._timed("pg_ctl", "stop", "-D", self._cluster, "-m", "fast")

    def _timed(self, program: str, *arguments: str | Path) -> float:
        began_s = time.monotonic()
        done = self._identity.run([self._programs / program, *arguments])
        elapsed_s = time.monotonic() - began_s
        if done.returncode != 0:
            raise RuntimeError(f"{program} failed: {done.stdout}")
        return elapsed_s
