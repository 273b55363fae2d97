"""Start, share, watch and stop the server of a data folder.

Several processes may share one server: each holds `postgresql.users` for as long as it uses it, and
the last to leave stops the server. Whoever starts or stops it holds `postgresql.lock` meanwhile.
Both locks end with their process, so one that is killed leaves nothing to clean up.
"""

import asyncio
import contextlib
import fcntl
import os
import time
from pathlib import Path
from urllib.parse import quote

from counterfoil.clock import Clock
from counterfoil.domain.errors import Unavailable, Unusable
from counterfoil.store.embedded import cluster, postmaster
from counterfoil.store.embedded.data_folder import (
    alone,
    explained,
    make_data_folder,
    make_private,
    open_for_lock,
    socket_folder,
)
from counterfoil.store.embedded.privileges import Identity, choose


def dsn(data: Path) -> str:
    """The DSN of the embedded server of this data folder, running or not, for psql and asyncpg."""
    host = quote(os.fsencode(socket_folder(data.resolve())), safe="/")
    return f"postgresql://{cluster.ROLE}@/{cluster.DATABASE}?host={host}&port={cluster.PORT}"


def start(data: Path, *, may_unshare: bool = True) -> "Server":
    """Start the server of a data folder, or share the one that runs there; return when it is ready.

    Makes what is missing: folder, cluster, role and database. Blocks (up to seconds, for the first
    start or a recovery) and runs an event loop: call it before yours or in a thread. Root uses a
    user namespace unless `may_unshare` is false.

    Raises:
        Unusable: the folder, its cluster or the programs can't be used; one line says why.
    """
    data = data.resolve()
    with explained(data):
        identity = choose(data, may_unshare=may_unshare)
        make_data_folder(data, identity)
        server = Server(data, identity)
        server._join()
        return server


class Server:
    """One process's share in the server of a data folder; made by `start`."""

    def __init__(self, data: Path, identity: Identity) -> None:
        self._data = data
        self._identity = identity
        self._postmaster: postmaster.Postmaster | None = None
        self._share: int | None = None

    def is_running(self) -> bool:
        """Whether the server process is alive; cheap enough to ask often."""
        return self._postmaster is not None and self._postmaster.is_alive()

    def ensure_running(self) -> bool:
        """Start the server again if it died; True when it had. Does nothing after `stop`.

        Raises:
            Unusable: it can't be started just now; a later call tries again.
        """
        if self.is_running():
            return False
        with explained(self._data), alone(self._data, self._identity):
            if self._share is None:
                return False
            self._obtain()
            return True

    def stop(self) -> None:
        """Leave the server; stop it, in order, when no other process uses it."""
        with explained(self._data), alone(self._data, self._identity):
            self._leave()

    def _join(self) -> None:
        with alone(self._data, self._identity) as lock:
            cluster.make_cluster(self._data, self._identity, lock)
            self._share = open_for_lock(self._data / "postgresql.users", self._identity)
            fcntl.flock(self._share, fcntl.LOCK_SH)
            try:
                self._obtain_connectable()
            except BaseException:
                self._leave()
                raise

    def _obtain_connectable(self) -> None:
        deadline_s = Clock.elapsed() + postmaster.LEFTOVER_LIMIT_S
        while True:
            self._obtain()
            try:
                return asyncio.run(cluster.make_database(self._data))
            except Unavailable as error:  # one that we found may have been about to stop
                if Clock.elapsed() > deadline_s:
                    raise Unusable(f"PostgreSQL runs in {self._data}, but {error}") from error
            time.sleep(0.05)

    def _obtain(self) -> None:
        sockets = socket_folder(self._data)
        make_private(sockets, self._identity)
        folder = cluster.cluster_folder(self._data)
        self._identity.own_tree(folder)
        self._postmaster = postmaster.obtain(
            folder,
            sockets / f".s.PGSQL.{cluster.PORT}.lock",
            self._data / "postgresql.log",
            self._identity,
            cluster.server_command(self._data, self._identity),
        )

    def _leave(self) -> None:
        if self._share is None:
            return
        share, self._share = self._share, None
        try:
            fcntl.flock(share, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:  # others still use it
            if self._postmaster is not None:
                self._postmaster.disown()
            return
        finally:
            os.close(share)
        if self._postmaster is None:  # we never had it
            return
        # Another process may have started it anew and left before us.
        folder = cluster.cluster_folder(self._data)
        running = self._postmaster if self.is_running() else postmaster.find(folder)
        if running is not None:
            postmaster.stop(running)
        with contextlib.suppress(OSError):  # nothing of ours stays in /tmp
            socket_folder(self._data).rmdir()
