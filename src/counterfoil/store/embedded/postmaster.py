"""The one PostgreSQL server process of a cluster: find it, launch it, stop it.

PostgreSQL writes its process id and its state into `postmaster.pid` in the cluster. Whoever comes
finds the server there, whether it started it or another process did that is long gone.
"""

import contextlib
import os
import re
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from counterfoil.clock import Clock
from counterfoil.domain.errors import Unusable
from counterfoil.store.embedded.data_folder import failure
from counterfoil.store.embedded.privileges import Identity

LEFTOVER_LIMIT_S = 10.0
RECOVERY_LIMIT_S = 300.0
STOP_LIMIT_S = 60.0
POLL_S = 0.005


@dataclass(frozen=True)
class Postmaster:
    """A server process. An id is used again after its process, id and birth together are not."""

    pid: int
    birth: str
    process: "subprocess.Popen[bytes] | None" = None
    """Set where it is our child, whose end we have to collect."""

    def is_alive(self) -> bool:
        """Whether it still runs, in whatever state."""
        if self.process is not None:
            return self.process.poll() is None
        return _birth(self.pid) == self.birth

    def disown(self) -> None:
        """Leave it to others: it lives on, and its end is not ours to collect any more."""
        if self.process is not None:
            self.process.returncode = 0


def obtain(
    cluster: Path, socket_lock: Path, log: Path, identity: Identity, command: Sequence[str | Path]
) -> Postmaster:
    """Find the cluster's server or launch it with `command`, and wait until it is ready.

    Waits for what an earlier server left: one that is stopping or recovering, processes that
    still hold its memory.

    Raises:
        Unusable: it doesn't get ready; the message has PostgreSQL's reason.
    """
    deadline_s = Clock.elapsed() + LEFTOVER_LIMIT_S
    while True:
        found = find(cluster)
        if found is not None and _state(cluster, found.pid) == "ready":
            return found
        if found is None:
            _remove_if_stale(cluster / "postmaster.pid")
            _remove_if_stale(socket_lock)
            launched, reason = _launch(cluster, identity, command, log)
            if launched is not None:
                return launched
            if not _is_leftover(reason):
                what = f"PostgreSQL doesn't start: {reason} (more in {log})"
                raise failure(cluster.parent, what)
        else:
            reason = f"process {found.pid} is {_state(cluster, found.pid)}"
        if Clock.elapsed() > deadline_s:
            raise Unusable(
                f"an earlier PostgreSQL still holds {cluster} after {LEFTOVER_LIMIT_S:.0f} s "
                f"({reason}): wait for its processes or end them, then start again"
            )
        time.sleep(0.1)


def find(cluster: Path) -> Postmaster | None:
    """The cluster's server when one is alive, ready or not."""
    try:
        pid = _named_pid(cluster / "postmaster.pid")
        arguments = _arguments(pid)
    except (FileNotFoundError, ProcessLookupError, ValueError):
        return None
    birth = _birth(pid)
    return Postmaster(pid, birth) if birth and os.fsencode(cluster) in arguments else None


def stop(postmaster: Postmaster) -> None:
    """End a server in order (sessions are cut, everything is written) and wait for its end."""
    # The second signal ends it at once, whatever is unwritten; the next start recovers.
    for number, limit_s in ((signal.SIGINT, STOP_LIMIT_S), (signal.SIGQUIT, 10.0)):
        deadline_s = Clock.elapsed() + limit_s
        with contextlib.suppress(ProcessLookupError):
            if postmaster.is_alive():
                os.kill(postmaster.pid, number)
        while postmaster.is_alive() and Clock.elapsed() < deadline_s:
            time.sleep(POLL_S)


def _launch(
    cluster: Path, identity: Identity, command: Sequence[str | Path], log: Path
) -> tuple[Postmaster | None, str]:
    """A ready server, or None and the reason why it ended."""
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
    try:
        identity.own(log)
        begin = os.fstat(descriptor).st_size
        process = identity.spawn(command, descriptor)
    finally:
        os.close(descriptor)
    postmaster = Postmaster(process.pid, _birth(process.pid), process)
    deadline_s = Clock.elapsed() + RECOVERY_LIMIT_S
    try:
        while postmaster.is_alive():
            if _state(cluster, process.pid) == "ready":
                return postmaster, ""
            if Clock.elapsed() > deadline_s:
                raise Unusable(
                    f"PostgreSQL isn't ready after {RECOVERY_LIMIT_S:.0f} s: see {log}, then "
                    "start again"
                )
            time.sleep(POLL_S)
    except BaseException:
        stop(postmaster)
        raise
    with log.open("rb") as lines:
        lines.seek(begin)
        return None, _reason(lines.read().decode(errors="replace"), process.pid)


def _remove_if_stale(lock_file: Path) -> None:
    """Remove a lock file of PostgreSQL's that names a process which isn't PostgreSQL (any more).

    PostgreSQL takes every process with that id for a live server: one that nobody has collected, or
    after a crash or in a new container another program altogether.
    """
    try:
        pid = _named_pid(lock_file)
        program = Path(os.fsdecode(_arguments(pid)[0])).name
    except (FileNotFoundError, ProcessLookupError, ValueError):
        return
    if not _birth(pid) or not program.startswith("postgres"):
        lock_file.unlink(missing_ok=True)


def _reason(text: str, pid: int) -> str:
    """Why the server with this id ended, as its log tells; others may have written there too."""
    told = re.findall(r"\[(\d+)\] (?:FATAL|PANIC): +(.*)", text)
    own = [message for number, message in told if int(number) == pid]
    lines = own or [message for _, message in told] or text.strip().splitlines()
    return lines[-1] if lines else "it gave no reason"


def _is_leftover(reason: str) -> bool:
    return (
        "pre-existing shared memory block" in reason
        or re.search(r"lock file .* already exists", reason) is not None
    )


def _state(cluster: Path, pid: int) -> str:
    """What the server says of itself: 'starting', 'ready', 'stopping'."""
    with contextlib.suppress(FileNotFoundError):
        lines = (cluster / "postmaster.pid").read_text(errors="replace").splitlines()
        if len(lines) >= 8 and lines[0] == str(pid):
            return lines[7].strip()
    return "starting"


def _named_pid(lock_file: Path) -> int:
    return int(lock_file.read_text(errors="replace").partition("\n")[0])


def _arguments(pid: int) -> list[bytes]:
    return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")


def _birth(pid: int) -> str:
    """When a process was started, in the kernel's ticks; empty when it has ended."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""
    # The fields after the name, which is in brackets and may hold anything: state, …, start.
    fields = stat.rpartition(")")[2].split()
    return "" if fields[0] in "ZX" else fields[19]
