"""The sockets on which servers listen: one for each process."""

import ipaddress
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from counterfoil.domain.errors import Unusable
from counterfoil.settings import Settings

_PORT_MAX = 65_535
# Where the system shares connections out between sockets of one port. Elsewhere processes listen on
# one socket, and who is awake first takes the next connection.
_IS_SHARING = sys.platform == "linux"


@contextmanager
def listening_sockets(settings: Settings) -> Iterator[list[socket.socket]]:
    """One socket for each process, all of one port, held while the block runs; who connects waits
    until somebody serves.

    Raises:
        Unusable: the address or the port can't be had.
    """
    with ExitStack() as stack:
        taken = _listening(settings, settings.port)
        if settings.workers == 1 or not _IS_SHARING:
            yield [stack.enter_context(taken)] * settings.workers
            return
        # A port that is shared could be one that another server shares too: so it is first taken
        # alone, by which it is known to be free.
        port = taken.getsockname()[1]
        taken.close()
        yield [
            stack.enter_context(_listening(settings, port, is_shared=True))
            for _ in range(settings.workers)
        ]


def is_loopback(listener: socket.socket) -> bool:
    """Whether only this machine can reach it."""
    return ipaddress.ip_address(listener.getsockname()[0]).is_loopback


def url(listener: socket.socket) -> str:
    """Where it is reached."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _listening(settings: Settings, port: int, *, is_shared: bool = False) -> socket.socket:
    host = settings.host
    if not 0 <= port <= _PORT_MAX:  # the system would quietly take another one
        raise Unusable(f"--port {port}: choose one of 0 (a free one) to {_PORT_MAX}")
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if is_shared:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind(address)
        if settings.sample and not is_loopback(listener):
            raise Unusable(
                "the keys of --sample are published, so it serves on loopback only, not on "
                f"{host}: choose --host 127.0.0.1"
            )
        listener.listen()
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise Unusable(
            f"can't listen on {host}:{port} ({reason}): choose another --host or --port"
        ) from None
    return listener
