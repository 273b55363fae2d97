"""Being told to stop: once, in order, with no failure to show for it."""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

log = structlog.get_logger()

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Stop = Callable[[], None]


def run_until_stopped(work: Callable[[Stop], Coroutine[Any, Any, None]]) -> None:
    """Runs `work` in a loop of its own until it ends, one of `STOP_SIGNALS` comes, or what it is
    given is called."""
    import uvloop

    try:
        uvloop.run(_until_stopped(work))
    finally:
        # The loop has put back handlers that would make a failure of a second Ctrl-C.
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)


async def _until_stopped(work: Callable[[Stop], Coroutine[Any, Any, None]]) -> None:
    task = asyncio.current_task()
    assert task is not None

    def stop() -> None:
        if not task.cancelling():  # once: impatience must not cut short what stops PostgreSQL
            task.cancel()
            log.info("stopping")

    for number in STOP_SIGNALS:
        if signal.getsignal(number) != signal.SIG_IGN:  # nohup's, or a worker's
            asyncio.get_running_loop().add_signal_handler(number, stop)
    with contextlib.suppress(asyncio.CancelledError):
        await work(stop)
