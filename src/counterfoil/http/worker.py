"""One process that serves: from a database and a socket to answers, until it is told to stop.

Alone it is all of a server. With `--workers` there are several, run by `workers` as
`python -m counterfoil.http.worker`: such a one reads its `Job` from standard input, whose end tells
it to stop, and says on standard output that it is ready, or why it can't be.
"""

import asyncio
import contextlib
import gc
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, NoReturn

import msgspec
import structlog
import uvicorn

from counterfoil.access.audit import Audit
from counterfoil.access.credentials import Credentials
from counterfoil.access.keys import open_vault, store_key
from counterfoil.access.permissions import Permissions
from counterfoil.access.sealing import MasterKey
from counterfoil.access.uses import Uses
from counterfoil.clock import Clock
from counterfoil.domain.errors import Unusable
from counterfoil.http.protocol import BoundedProtocol
from counterfoil.http.site import Site
from counterfoil.http.sockets import is_loopback
from counterfoil.http.stopping import Stop, run_until_stopped
from counterfoil.ledger import sample
from counterfoil.ledger.book import Book
from counterfoil.ledger.process import ID_KINDS
from counterfoil.ledger.sweeper import Sweeper
from counterfoil.settings import Settings
from counterfoil.store.database import Database
from counterfoil.store.identities import has_accounts
from counterfoil.store.ids import IdBlocks
from counterfoil.store.migrate import starting
from counterfoil.telemetry import Requests, configure_logs
from counterfoil.wire.app import Access, WireApp
from counterfoil.wire.host_counts import HostCounts
from counterfoil.wire.throttle import Throttle

log = structlog.get_logger()

READY = "ready"

# Done again and again while we serve.
Beside = Callable[[], Coroutine[Any, Any, NoReturn]]

_READY_S = 5
_KEEP_ALIVE_S = 75
_GRACE_S = 10


class Job(msgspec.Struct, frozen=True):
    """What one of several processes is told: its number, the first being 0; what to serve; and the
    descriptors of its socket and of the table of counts."""

    number: int
    settings: Settings
    dsn: str
    listener: int
    counts: int

    def to_line(self) -> bytes:
        """As one line of JSON."""
        return msgspec.json.encode(self, enc_hook=os.fspath) + b"\n"

    @staticmethod
    def from_line(line: str) -> "Job":
        """The job of such a line."""
        return msgspec.json.decode(line, type=Job, dec_hook=lambda _, text: Path(text))


def main() -> None:
    """One of several processes; their parent is told by signals, and tells us."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    job = Job.from_line(sys.stdin.readline())
    configure_logs(job.settings.log_level)
    structlog.contextvars.bind_contextvars(worker=job.number)

    async def work(stop: Stop) -> None:
        asyncio.get_running_loop().add_reader(sys.stdin.fileno(), stop)
        with socket.socket(fileno=job.listener) as listener:
            await serve(
                job.settings,
                job.dsn,
                listener,
                announce=lambda: print(READY, flush=True),
                counts=HostCounts(job.counts),
                is_first=job.number == 0,
            )

    try:
        run_until_stopped(work)
    except Unusable as error:
        print(error, flush=True)
        sys.exit(2)


async def serve(
    settings: Settings,
    dsn: str,
    listener: socket.socket,
    *,
    announce: Callable[[], None],
    counts: HostCounts | None = None,
    is_first: bool = True,
) -> None:
    """Serves until cancelled; `announce` is called once it does. What is due is posted by the first
    of several processes.

    Raises:
        Unusable: this database can't be served from, or not with these settings.
    """
    async with contextlib.AsyncExitStack() as stack:
        async with starting(dsn):
            database = await Database.open(dsn)
            stack.push_async_callback(database.close)
            site, sweep, tasks = await _site(
                settings, database, stack, counts, is_public=not is_loopback(listener)
            )
        for task in [sweep, *tasks] if is_first else tasks:
            await stack.enter_async_context(_beside(task))
        _collect_seldom()
        await _listen(site, listener, announce)


@contextlib.asynccontextmanager
async def _beside(run: Beside) -> AsyncIterator[None]:
    """Has something done again and again while the block runs."""
    task = asyncio.create_task(run())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _site(
    settings: Settings,
    database: Database,
    stack: contextlib.AsyncExitStack,
    counts: HostCounts | None,
    *,
    is_public: bool,
) -> tuple[Site, Beside, list[Beside]]:
    """The pages; the sweeper, and what else is to run beside them."""
    clock, requests = Clock(), Requests()
    vault = await open_vault(database, settings.master_key_path())
    await _prepare_accounts(settings, database, vault.current, clock, is_public=is_public)
    credentials = Credentials(database, vault, clock, accept_sample=settings.sample)
    book = Book(database, clock, vault)
    permissions = Permissions(database, clock)
    audit, uses = Audit(database, clock), Uses(database, clock)
    access = Access(credentials, permissions, audit, uses)
    throttle = Throttle(settings, clock, counts)
    stack.push_async_callback(throttle.close)
    wire = WireApp(access, throttle, book, clock, requests)

    async def is_ready() -> bool:
        return await database.is_answering(within_s=_READY_S)

    sweeper = Sweeper(database, book.process, clock)
    site = Site(wire, requests, is_ready, processes=settings.workers)
    return site, sweeper.run, [audit.run, uses.run]


async def _prepare_accounts(
    settings: Settings,
    database: Database,
    master_key: MasterKey,
    clock: Clock,
    *,
    is_public: bool,
) -> None:
    """Keeps sample accounts and real ones apart, and loads the sample once."""
    has_sample, has_other = await has_accounts(database)
    if has_sample and is_public:
        raise Unusable(
            "this database holds sample accounts, whose keys are published: it is served on "
            f"loopback only, not on {settings.host}; choose --host 127.0.0.1 or another database"
        )
    if settings.sample and has_other:
        raise Unusable(
            "this database holds accounts of your own, so it gets no sample: leave --sample out, "
            "or choose another --data or --database"
        )
    if settings.sample and not has_sample:
        ids = IdBlocks(database, ID_KINDS)
        await ids.refill()
        async with database.transaction() as connection:
            await sample.load_sample(connection, ids)
            for key in sample.KEYS:
                await store_key(
                    connection,
                    master_key,
                    main_uin=key.uin,
                    secret_id=key.secret_id,
                    secret_key=key.secret_key,
                    at=clock.ledger(),
                )


def _collect_seldom() -> None:
    """A batch of writes makes some 50,000 objects, next to none of them in cycles: looking for
    cycles after every 700, as Python does of itself, took a seventh of the time of charges."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


async def _listen(site: Site, listener: socket.socket, announce: Callable[[], None]) -> None:
    """Serves until cancelled; then ends what is under way."""
    config = uvicorn.Config(
        site,
        http=BoundedProtocol,
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=_GRACE_S,
    )
    server = _Server(config)
    server.announce = announce
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await asyncio.shield(serving)
    finally:
        server.should_exit = True
        await serving


class _Server(uvicorn.Server):
    """uvicorn in a loop of ours: signals are handled in one place, `stopping`, and somebody is told
    when it is ready."""

    announce: Callable[[], None]

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.announce()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


if __name__ == "__main__":
    main()
