"""The data folder: who may enter it, its locks, its socket, and what is wrong with it.

It holds `postgresql/` (the cluster), `postgresql.log`, `run/` (the socket), the lock files
`postgresql.lock` and `postgresql.users`, and where needed a copy of PostgreSQL's programs.
"""

import contextlib
import errno
import fcntl
import hashlib
import os
import shutil
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from counterfoil.clock import Clock
from counterfoil.domain.errors import Unusable
from counterfoil.store.embedded.privileges import Identity, closed, require_reachable

LOCK_LIMIT_S = 60.0
SOCKET_PATH_LIMIT = 107  # bytes, a limit of the kernel's
ENOUGH_SPACE = 32 * 1024 * 1024  # bytes; PostgreSQL's smallest step is a log segment of 16 MB


def make_data_folder(data: Path, identity: Identity) -> None:
    """Make the folder when missing, and let `identity` pass through it.

    Raises:
        Unusable: a folder on the way is closed to `identity`.
    """
    require_reachable(identity, data)
    if not data.exists():
        data.mkdir(mode=0o700, parents=True)
    if closed(identity, [data]):
        # What is in here stays private, file by file.
        data.chmod(stat.S_IMODE(data.stat().st_mode) | 0o011)
        require_reachable(identity, data)  # again, for the folders that were made just now


def socket_folder(data: Path) -> Path:
    """Where the socket is: in the data folder, or in /tmp when that path is unfit for a socket."""
    beside = data / "run"
    length = len(os.fsencode(beside / ".s.PGSQL.5432"))
    # A comma parts several folders, for the server as for its clients.
    if length <= SOCKET_PATH_LIMIT and not set(str(beside)) & set(',"'):
        return beside
    digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
    # Not TMPDIR: each process that looks for the socket must come to the same folder.
    return Path("/tmp") / f"counterfoil-{digest}"  # noqa: S108  # see above


def make_private(folder: Path, identity: Identity) -> None:
    """Make a folder that only `identity` and root can enter.

    Raises:
        Unusable: there is one already, and another user owns it.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.geteuid(), identity.uid}:
        raise Unusable(f"{folder} belongs to another user: remove it, or choose another --data")
    folder.chmod(0o700)
    identity.own(folder)


@contextlib.contextmanager
def alone(data: Path, identity: Identity) -> Iterator[int]:
    """Hold the lock of those who start or stop the server; yields its descriptor.

    Raises:
        Unusable: another process holds it for too long.
    """
    descriptor = open_for_lock(data / "postgresql.lock", identity)
    deadline_s = Clock.elapsed() + LOCK_LIMIT_S
    try:
        while not _took(descriptor):
            if Clock.elapsed() > deadline_s:
                raise Unusable(
                    f"another process has been starting or stopping PostgreSQL in {data} for "
                    f"{LOCK_LIMIT_S:.0f} s: wait for it or end it, then start again"
                )
            time.sleep(0.02)
        yield descriptor
    finally:
        os.close(descriptor)


def open_for_lock(path: Path, identity: Identity) -> int:
    """The descriptor of a lock file, made when missing."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    identity.own(path)
    return descriptor


@contextlib.contextmanager
def explained(data: Path) -> Iterator[None]:
    """Turn what the system refuses in the data folder into one line that says what to do."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise _full(data) from error
        where = f"{error.filename}: " if error.filename else ""
        raise Unusable(
            f"the data folder {data} can't be used ({where}{error.strerror or error}); choose one "
            "that this user can write with --data"
        ) from error


def failure(data: Path, what: str) -> Unusable:
    """What to raise when PostgreSQL fails with `what`; a full disk it can't always tell itself."""
    with contextlib.suppress(OSError):
        if shutil.disk_usage(data).free < ENOUGH_SPACE:
            return _full(data)
    return Unusable(what)


def _full(data: Path) -> Unusable:
    return Unusable(f"the disk of {data} is full: free some space, or choose another --data")


def _took(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
