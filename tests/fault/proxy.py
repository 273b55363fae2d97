"""Stands between a server and its PostgreSQL, and hangs up on both when told to: before a message
of the server's is passed on, or after PostgreSQL has answered it."""

import contextlib
import socket
import struct
from collections.abc import Callable
from pathlib import Path
from threading import Event, Lock, Thread

SOCKET = ".s.PGSQL.5432"
COMMIT = b"commit\0"
WITHIN_S = 10

# Whether to hang up at a message that PostgreSQL answers: '', 'before' or 'after' it has.
Judge = Callable[[bytes], str]


class Proxy:
    """Listens in `folder` as PostgreSQL does in `real`."""

    def __init__(self, folder: Path, real: Path) -> None:
        self._real = str(real / SOCKET)
        self._judge: Judge = lambda _: ""
        self._lock = Lock()
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(folder / SOCKET))
        self._listener.listen()
        self._ends = [self._listener]
        Thread(target=self._accept, daemon=True).start()

    def hang_up(self, judge: Judge) -> None:
        """From now on `judge` is asked of each such message (what it says, without its length), on
        whichever connection it comes."""
        with self._lock:
            self._judge = judge

    def close(self) -> None:
        """Hangs up on everybody."""
        for end in self._ends:
            _close(end)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                server, _ = self._listener.accept()
                postgresql = socket.socket(socket.AF_UNIX)
                self._ends += [server, postgresql]
                Thread(target=self._forward, args=(server, postgresql), daemon=True).start()

    def _forward(self, server: socket.socket, postgresql: socket.socket) -> None:
        """Passes on what the server says, message by message."""
        is_last = Event()
        back = Thread(target=_copy, args=(postgresql, server, is_last), daemon=True)
        with contextlib.suppress(OSError, struct.error), server.makefile("rb") as said:
            postgresql.connect(self._real)
            back.start()
            kind = b""  # the first message has none
            while not is_last.is_set():
                size = said.read(4)
                text = said.read(struct.unpack("!i", size)[0] - 4)
                verdict = self._verdict(text) if kind in (b"Q", b"S") else ""
                if verdict == "before":
                    break
                if verdict == "after":
                    is_last.set()
                postgresql.sendall(kind + size + text)
                if verdict == "after":
                    back.join(WITHIN_S)
                else:
                    kind = said.read(1)
        _close(server)
        _close(postgresql)

    def _verdict(self, text: bytes) -> str:
        with self._lock:
            return self._judge(text)


def _copy(postgresql: socket.socket, server: socket.socket, is_last: Event) -> None:
    """Passes on what PostgreSQL says, as it comes, but not the answer to the last message."""
    with contextlib.suppress(OSError):
        while (data := postgresql.recv(65_536)) and not is_last.is_set():
            server.sendall(data)
    _close(server)


def _close(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
