"""Several processes that serve one port and one database, kept alive by a parent that serves
nothing itself."""

import asyncio
import contextlib
import os
import socket
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable

import structlog

from counterfoil.domain.errors import Unusable
from counterfoil.http.worker import READY, Job
from counterfoil.settings import Settings
from counterfoil.telemetry import SHARED_METRICS
from counterfoil.wire.host_counts import shared_table

log = structlog.get_logger()

_STOP_S = 30
_PAUSE_S = 1


async def serve(
    settings: Settings, dsn: str, listeners: list[socket.socket], *, announce: Callable[[], None]
) -> None:
    """Serves with a process for each socket until cancelled; `announce` is called once all do. One
    that dies is replaced; who connects to it meanwhile waits.

    Raises:
        Unusable: this database can't be served from, or not with these settings.
    """
    with shared_table() as counts, tempfile.TemporaryDirectory(prefix="counterfoil-") as metrics:
        all_of_them = [
            _Worker(Job(number, settings, dsn, listener.fileno(), counts), metrics)
            for number, listener in enumerate(listeners)
        ]
        try:
            for error in await asyncio.gather(
                *(one.start() for one in all_of_them), return_exceptions=True
            ):
                if error is not None:
                    raise error
            announce()
            await asyncio.gather(*(one.keep() for one in all_of_them))
        finally:
            await asyncio.gather(*(one.stop() for one in all_of_them))


class _Worker:
    """One process after the other, with one job."""

    def __init__(self, job: Job, metrics: str) -> None:
        self._job = job
        # What follows the module's name is for those who look at a list of processes.
        number, settings = f"{job.number + 1}/{job.settings.workers}", job.settings
        self._command = (sys.executable, "-m", "counterfoil.http.worker", number, settings.data)
        self._environment = {**os.environ, SHARED_METRICS: metrics}
        self._process: Process | None = None

    async def start(self) -> None:
        """Until a process serves.

        Raises:
            Unusable: it says that it can't, and why.
        """
        self._process = process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=PIPE,
            stdout=PIPE,
            pass_fds=(self._job.listener, self._job.counts),
            env=self._environment,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(self._job.to_line())
        said = (await process.stdout.readline()).decode().strip()
        if said != READY:
            raise Unusable(said or f"a process that was to serve died (see above): {process.pid}")

    async def keep(self) -> None:
        """Replaces the process whenever it dies."""
        assert self._process is not None
        while True:
            code = await self._process.wait()
            log.error("worker_died", worker=self._job.number, code=code)
            try:
                await self.start()
                log.warning("worker_restarted", worker=self._job.number)
            except Unusable as error:
                log.error("worker_not_restarted", worker=self._job.number, cause=str(error))
                await asyncio.sleep(_PAUSE_S)

    async def stop(self) -> None:
        """Has the process end what is under way."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        assert process.stdin is not None
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), _STOP_S)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
