"""`counterfoil serve` as a process of its own: started as a terminal starts it, watched by process
id, ended in every way there is."""

import os
import signal
import subprocess
import tempfile
from pathlib import Path

from tests.serving import COMMAND, environment
from tests.store.owner_process import end_server

READY = "listening on http://"
PATIENCE_S = 60


class Server:
    """One server of the data folder `data`; like a terminal's, it leads a process group.

    `log` is a descriptor to take its standard error, which `errors` has if not.
    """

    def __init__(self, data: Path, *options: str, log: int | None = None, **variables: str) -> None:
        self.data = data
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115  # closed by `clean_up`
        self.process = subprocess.Popen(
            [COMMAND, "serve", "--port", "0", "--data", str(data), *options],
            stdout=subprocess.PIPE,
            stderr=self._errors if log is None else log,
            text=True,
            env=environment(**variables),
            start_new_session=True,
        )
        self.address = ""
        self.pid = self.process.pid

    def wait_ready(self) -> "Server":
        """Until it has said that it listens."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line.startswith(READY), f"it didn't start: {self.errors()}"
        self.address = line.removeprefix(READY).strip()
        return self

    def end(self, number: int = signal.SIGTERM, *, is_group: bool = False) -> int:
        """Its exit code after this signal, to it alone or as Ctrl-C does to its whole group."""
        (os.killpg if is_group else os.kill)(self.pid, number)
        return self.wait()

    def wait(self) -> int:
        """Its exit code when it ends by itself."""
        return self.process.wait(PATIENCE_S)

    def rest_of_output(self) -> str:
        """What it has printed since it was ready, when it has ended."""
        assert self.process.stdout is not None
        return self.process.stdout.read()

    def errors(self) -> str:
        """What it has written to standard error so far."""
        self._errors.seek(0)
        return self._errors.read()

    def clean_up(self) -> None:
        """Leaves nothing of it behind, however the test went."""
        self.process.kill()
        self.process.communicate()
        end_server(self.data)
        self._errors.close()


def refusal(data: Path, *options: str, **variables: str) -> str:
    """The one line with which a server refuses to start; nothing of it is left running."""
    done = subprocess.run(
        [COMMAND, "serve", "--port", "0", "--data", str(data), *options],
        capture_output=True,
        text=True,
        env=environment(**variables),
        timeout=PATIENCE_S,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, ""), done
    assert done.stderr.startswith("counterfoil: "), done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert processes_of(data) == []
    return done.stderr.removeprefix("counterfoil: ").strip()


def workers_of(server: Server) -> list[int]:
    """The process ids of those that serve for a server with `--workers`."""
    listed = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    return [pid for pid in map(int, listed) if b"http.worker" in _command_line(pid)]


def _command_line(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def processes_of(data: Path) -> list[str]:
    """The command lines of live processes that name this folder or work in it."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (
                (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            )
            place = (folder / "cwd").readlink()
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
        is_own = int(folder.name) == os.getpid()
        if not is_own and (str(data) in command or place.is_relative_to(data)):
            found.append(command)
    return found
