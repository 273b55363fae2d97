"""Real servers for tests: started as a user starts them, stopped by their process id."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

COMMAND = Path(sys.executable).with_name("counterfoil")


@dataclass(frozen=True)
class Running:
    """A server under test: its address without scheme, its folder and its process."""

    address: str
    data: Path
    process: subprocess.Popen[str]

    @property
    def url(self) -> str:
        return f"http://{self.address}"


def environment(**variables: str) -> dict[str, str]:
    """This process's environment without settings of its own that a server would read."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("COUNTERFOIL_", "PG"))}
    return kept | variables


@contextmanager
def running(*options: str, data: Path | None = None) -> Iterator[Running]:
    """`counterfoil serve OPTIONS` on a free port, until the block ends; a fresh folder if none is
    given."""
    with tempfile.TemporaryDirectory(prefix="counterfoil-test-") as temporary:
        folder = data or Path(temporary) / "data"
        process = subprocess.Popen(
            [COMMAND, "serve", "--port", "0", "--data", str(folder), *options],
            stdout=subprocess.PIPE,
            text=True,
            env=environment(),
        )
        try:
            assert process.stdout is not None
            line = process.stdout.readline().strip()
            assert line.startswith("listening on http://"), line
            yield Running(line.removeprefix("listening on http://"), folder, process)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)
            process.stdout.close()
