"""A server to measure: started as a user starts it, stopped by its process id."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from counterfoil.store.embedded.cluster import cluster_folder

COMMAND = Path(sys.executable).with_name("counterfoil")
_READY = "listening on http://"


@dataclass(frozen=True)
class Server:
    """A running server: its address (host:port), its data folder, its own pid and PostgreSQL's."""

    address: str
    data: Path
    pid: int
    postgresql_pid: int

    @property
    def processes(self) -> Mapping[str, int]:
        """The roots of its process trees."""
        return {"server": self.pid, "postgresql": self.postgresql_pid}


@contextmanager
def serving(data: Path, *options: str) -> Iterator[Server]:
    """`counterfoil serve OPTIONS` on a data folder and a free port, until the block ends."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("COUNTERFOIL_", "PG"))}
    process = subprocess.Popen(
        [COMMAND, "serve", "--host", "127.0.0.1", "--port", "0", "--data", data, *options],
        stdout=subprocess.PIPE,
        text=True,
        env=kept,
    )
    assert process.stdout is not None
    try:
        line = process.stdout.readline().strip()
        if not line.startswith(_READY):
            raise RuntimeError(f"the server did not start: {line or 'see its message above'}")
        pid_file = cluster_folder(data) / "postmaster.pid"
        yield Server(
            address=line.removeprefix(_READY),
            data=data,
            pid=process.pid,
            postgresql_pid=int(pid_file.read_text().splitlines()[0]),
        )
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)
        process.stdout.close()
