"""A server from start to stop: its port, its database, then one process that serves, or more."""

import contextlib
import socket
from collections.abc import Callable

import structlog

from counterfoil.domain.errors import Unusable
from counterfoil.http import sockets, worker, workers
from counterfoil.http.stopping import Stop, run_until_stopped
from counterfoil.settings import WORKERS_MAX, Settings
from counterfoil.store.reaching import reachable
from counterfoil.wire.routes import all_actions

log = structlog.get_logger()


def run(settings: Settings) -> None:
    """Serves until told to stop.

    Raises:
        Unusable: these settings, this folder or this database can't be served from.
    """

    async def serve(_: Stop) -> None:
        _check(settings)
        with sockets.listening_sockets(settings) as listeners:
            async with reachable(settings.database, settings.data) as dsn:
                if settings.workers == 1:
                    await worker.serve(settings, dsn, listeners[0], announce=_announce(listeners))
                else:
                    await workers.serve(settings, dsn, listeners, announce=_announce(listeners))

    run_until_stopped(serve)


def _announce(listeners: list[socket.socket]) -> Callable[[], None]:
    """Tells who started us that we are ready."""
    url = sockets.url(listeners[0])

    def announce() -> None:
        log.info("listening", url=url)
        with contextlib.suppress(BrokenPipeError):
            print(f"listening on {url}", flush=True)

    return announce


def _check(settings: Settings) -> None:
    known = [action.name for action in all_actions()]
    for name in settings.chosen_rates():
        if name not in (*known, "*"):
            raise Unusable(f"--rates: there is no action '{name}', but {', '.join(known)} and *")
    for name in ("account_rate", "address_rate"):
        rate = getattr(settings, name)
        if rate is not None and rate < 1:
            raise Unusable(f"--{name.replace('_', '-')} {rate}: choose 1 or more")
    if not 1 <= settings.workers <= WORKERS_MAX:
        raise Unusable(f"--workers {settings.workers}: choose one of 1 to {WORKERS_MAX}")
