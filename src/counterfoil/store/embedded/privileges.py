"""As whom the programs of PostgreSQL run, which refuse to run as root.

An ordinary user runs them as itself. Root runs them in a user namespace where it is an ordinary
user (the kernel's owner of every file stays root, so nothing has to change hands), or, where
namespaces are refused, as another user that is then given the cluster. No permission outside the
data folder changes: what that user can't reach is reported, not opened.
"""

import os
import pwd
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from counterfoil.domain.errors import Unusable

NOBODY = 65534
REACHABLE_DATA = "/var/lib/counterfoil"


@dataclass(frozen=True)
class Identity:
    """`command` is put before each program; `uid` and `gid` are None where ours is kept."""

    command: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None

    @property
    def is_ours(self) -> bool:
        """Whether programs may do what this process may do."""
        return not self.command and self.uid is None

    def __str__(self) -> str:
        if self.uid is None:
            return "root without its privileges" if os.geteuid() == 0 else "this user"
        return f"user {_name(self.uid)}"

    def run(
        self, argv: Sequence[str | Path], keep: Sequence[int] = ()
    ) -> subprocess.CompletedProcess[str]:
        """Run a program to its end, its output caught; `keep` lists descriptors it inherits."""
        return subprocess.run(
            [*self.command, *argv],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
            **self._conditions(keep),
        )

    def spawn(self, argv: Sequence[str | Path], log: int) -> "subprocess.Popen[bytes]":
        """Start a program that stays, its output going to the descriptor `log`."""
        return subprocess.Popen(
            [*self.command, *argv], stdout=log, stderr=log, **self._conditions(())
        )

    def own(self, path: Path) -> None:
        """Give one file or folder to the user the programs run as."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def own_tree(self, folder: Path) -> None:
        """Give a folder and all it holds; the folder last, so that its owner tells it's done."""
        if self.uid is not None and folder.lstat().st_uid != self.uid:
            for path in folder.rglob("*"):
                self.own(path)
            self.own(folder)

    def _conditions(self, keep: Sequence[int]) -> dict[str, Any]:
        # A session of its own keeps the terminal's Ctrl-C away; the working folder of this process
        # may be closed to the other user, and PG… or LC_… variables would change what is started.
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PG", "LC_", "LANG"))
        }
        return {
            "stdin": subprocess.DEVNULL,
            "env": {**inherited, "LC_ALL": "C"},
            "cwd": "/",
            "umask": 0o077,
            "start_new_session": True,
            "pass_fds": keep,
            "user": self.uid,
            "group": self.gid,
            "extra_groups": None if self.uid is None else [],
        }


def choose(data: Path, *, may_unshare: bool = True) -> Identity:
    """Decide as whom PostgreSQL runs for this data folder, which need not exist yet.

    A folder or cluster that belongs to another user keeps its owner, so that root may start what
    an ordinary user made and that user can use it afterwards.

    Raises:
        Unusable: this system lets root be nobody but root.
    """
    uid = os.geteuid()
    if uid != 0 and _is_known(uid):
        return Identity()
    if uid == 0 and (owner := _owner(data)).st_uid != 0:
        return Identity(uid=owner.st_uid, gid=owner.st_gid)
    nobody = _nobody()
    # initdb wants a name for its user, so the namespace maps us to one that has a name.
    inside = Identity(("unshare", "--user", f"--map-user={nobody}", f"--map-group={nobody}"))
    if may_unshare and _works(inside):
        return inside
    if uid != 0:
        return Identity()
    if not _works(Identity(uid=nobody, gid=nobody)):
        raise Unusable(
            "PostgreSQL refuses to run as root, who can neither make a user namespace nor become "
            "another user here: start this as an ordinary user, or name a server with --database"
        )
    return Identity(uid=nobody, gid=nobody)


def closed(identity: Identity, paths: Iterable[Path]) -> str:
    """The first of `paths` that `identity` can't enter or execute; empty when there is none."""
    if identity.is_ours:
        return ""
    # Asked of the kernel by a program that runs as that user: modes alone don't tell (ACLs).
    script = 'for path; do test -x "$path" || { printf %s "$path"; exit; }; done'
    return identity.run(["sh", "-c", script, "sh", *paths]).stdout


def require_reachable(identity: Identity, data: Path) -> None:
    """Check that PostgreSQL can get to the data folder, existing or not.

    Raises:
        Unusable: a folder on the way is closed to the user PostgreSQL runs as.
    """
    on_the_way = [folder for folder in reversed(data.parents) if folder.exists()]
    if folder := closed(identity, on_the_way):
        raise Unusable(
            f"the data folder {data} can't be used: PostgreSQL has to run as {identity}, to whom "
            f"{folder} is closed; choose another one, such as --data {REACHABLE_DATA}"
        )


def _owner(data: Path) -> os.stat_result:
    for path in (data / "postgresql", data):
        if path.exists():
            return path.stat()
    return Path("/").stat()


def _nobody() -> int:
    """The id of an ordinary user that has a name."""
    if _is_known(NOBODY):
        return NOBODY
    return next((known.pw_uid for known in pwd.getpwall() if known.pw_uid != 0), NOBODY)


def _is_known(uid: int) -> bool:
    return _name(uid) != str(uid)


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _works(identity: Identity) -> bool:
    try:
        return identity.run(["true"]).returncode == 0
    except OSError:  # no unshare on this system, or not allowed to change the user
        return False
