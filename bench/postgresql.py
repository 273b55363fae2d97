"""PostgreSQL alone, as a yardstick and to fill books: the same programs, run as the server runs
them."""

import time
from collections.abc import Mapping
from pathlib import Path

from counterfoil.store.embedded.cluster import INITDB_OPTIONS
from counterfoil.store.embedded.privileges import choose
from counterfoil.store.embedded.programs import folder_of_programs


class Postgresql:
    """A cluster with a unix socket in a folder of its own. Without a path the cluster is in that
    folder too; without settings it has those that initdb chooses."""

    def __init__(
        self, folder: Path, cluster: Path | None = None, settings: Mapping[str, str] | None = None
    ) -> None:
        self._folder = folder
        self._cluster = cluster or folder / "cluster"
        self._settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(folder),
            **(settings or {}),
        }
        folder.mkdir()
        self._identity = choose(folder)
        self._identity.own(folder)
        self._programs = folder_of_programs(self._identity, folder)

    def initdb(self) -> float:
        """Makes the cluster; the seconds it took."""
        return self._timed("initdb", f"--pgdata={self._cluster}", *INITDB_OPTIONS)

    def start(self) -> float:
        """Starts the server with pg_ctl, which waits until it is ready; the seconds it took."""
        options = " ".join(f"-c {name}={value}" for name, value in self._settings.items())
        log = self._folder / "log"
        return self._timed("pg_ctl", "start", "-D", self._cluster, "-l", log, "-o", options)

    def dsn(self, database: str = "postgres") -> str:
        """How its superuser connects to it."""
        return f"postgresql://postgres@/{database}?host={self._folder}"

    def create_database(self, name: str) -> None:
        """Makes a database."""
        self.run("psql", "--quiet", "--command", f"create database {name}", self.dsn())

    def run(self, program: str, *arguments: str | Path) -> str:
        """Runs one of PostgreSQL's programs to its end; what it printed.

        Raises:
            RuntimeError: it failed.
        """
        done = self._identity.run([self._programs / program, *arguments])
        if done.returncode != 0:
            raise RuntimeError(f"{program} failed: {done.stdout}")
        return done.stdout

    def stop(self) -> None:
        """Stops the server; returns when it has ended."""
        self.run("pg_ctl", "stop", "-D", self._cluster, "-m", "fast", "-t", "300")

    def _timed(self, program: str, *arguments: str | Path) -> float:
        began_s = time.monotonic()
        self.run(program, *arguments)
        return time.monotonic() - began_s
