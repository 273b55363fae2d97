"""django-hordak, double entry for Django, posting transfers into a PostgreSQL."""

import subprocess
from pathlib import Path

from bench.peers.environment import program
from bench.postgresql import Postgresql

_SCRIPT = Path(__file__).with_name("hordak_posting.py")
_THREADS = 8


class Hordak:
    """Its schema and accounts in a database of their own."""

    def __init__(self, postgresql: Postgresql) -> None:
        self._dsn = postgresql.dsn("hordak")
        postgresql.create_database("hordak")
        self._run("prepare")

    def rate(self, seconds: int) -> float:
        """Transfers a second."""
        return float(self._run("post", str(seconds), str(_THREADS)))

    def _run(self, *arguments: str) -> str:
        done = subprocess.run(
            [program("python"), "-P", _SCRIPT, self._dsn, *arguments],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return done.stdout
