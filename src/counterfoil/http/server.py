"""Starting and stopping a server: database, schema, keys, sample, then the listening socket."""

import asyncio
import contextlib
import gc
import ipaddress
import signal
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from typing import Any, NoReturn

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
from counterfoil.ledger import sample
from counterfoil.ledger.book import Book
from counterfoil.ledger.process import ID_KINDS
from counterfoil.ledger.sweeper import Sweeper
from counterfoil.settings import Settings
from counterfoil.store.database import Database
from counterfoil.store.identities import has_accounts
from counterfoil.store.ids import IdBlocks
from counterfoil.store.migrate import starting
from counterfoil.store.reaching import reachable
from counterfoil.telemetry import Requests
from counterfoil.wire.app import Access, WireApp
from counterfoil.wire.routes import all_actions
from counterfoil.wire.shared_counts import SharedCounts
from counterfoil.wire.throttle import Throttle

log = structlog.get_logger()

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_PORT_MAX = 65_535
_READY_S = 5
_KEEP_ALIVE_S = 75
_GRACE_S = 10


def run(settings: Settings) -> None:
    """Serves until one of `STOP_SIGNALS` comes.

    Raises:
        Unusable: these settings, this folder or this database can't be served from.
    """
    import uvloop

    try:
        uvloop.run(_serve(settings))
    finally:
        # The loop has put back handlers that would make a failure of a second Ctrl-C.
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)


async def _serve(settings: Settings) -> None:
    task = asyncio.current_task()
    assert task is not None

    def stop() -> None:
        if not task.cancelling():  # once: impatience must not cut short what stops PostgreSQL
            task.cancel()
            log.info("stopping")

    for number in STOP_SIGNALS:
        if (number, signal.getsignal(number)) != (signal.SIGHUP, signal.SIG_IGN):  # nohup's
            asyncio.get_running_loop().add_signal_handler(number, stop)
    with contextlib.suppress(asyncio.CancelledError):
        await _start_and_listen(settings)


async def _start_and_listen(settings: Settings) -> None:
    _check_rates(settings)
    with _listening_socket(settings) as listener:
        async with (
            reachable(settings.database, settings.data) as dsn,
            contextlib.AsyncExitStack() as stack,
        ):
            async with starting(dsn):
                database = await Database.open(dsn)
                stack.push_async_callback(database.close)
                site, *tasks = await _site(
                    settings, database, stack, is_loopback=_is_loopback(listener)
                )
            for task in tasks:
                await stack.enter_async_context(_beside(task))
            _collect_seldom()
            await _listen(site, listener)


@contextlib.asynccontextmanager
async def _beside(run: Callable[[], Coroutine[Any, Any, NoReturn]]) -> AsyncIterator[None]:
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
    *,
    is_loopback: bool,
) -> tuple[Site, *tuple[Callable[[], Coroutine[Any, Any, NoReturn]], ...]]:
    """The pages, and what is to run beside them."""
    clock, requests = Clock(), Requests()
    vault = await open_vault(database, settings.master_key_path())
    await _prepare_accounts(settings, database, vault.current, clock, is_loopback=is_loopback)
    credentials = Credentials(database, vault, clock, accept_sample=settings.sample)
    book = Book(database, clock, vault)
    permissions = Permissions(database, clock)
    audit, uses = Audit(database, clock), Uses(database, clock)
    access = Access(credentials, permissions, audit, uses)
    shared = SharedCounts(settings.rate_store) if settings.rate_store else None
    if shared is not None:
        stack.push_async_callback(shared.close)
    throttle = Throttle(settings, clock, shared)
    wire = WireApp(access, throttle, book, clock, requests)

    async def is_ready() -> bool:
        return await database.is_answering(within_s=_READY_S)

    sweeper = Sweeper(database, book.process, clock)
    return Site(wire, requests, is_ready), sweeper.run, audit.run, uses.run


async def _prepare_accounts(
    settings: Settings,
    database: Database,
    master_key: MasterKey,
    clock: Clock,
    *,
    is_loopback: bool,
) -> None:
    """Keeps sample accounts and real ones apart, and loads the sample once."""
    has_sample, has_other = await has_accounts(database)
    if has_sample and not is_loopback:
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


async def _listen(site: Site, listener: socket.socket) -> None:
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
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    server.url = f"http://{shown}:{port}"
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await asyncio.shield(serving)
    finally:
        server.should_exit = True
        await serving


class _Server(uvicorn.Server):
    """uvicorn in a loop of ours: signals are handled in one place, above, and a line tells when
    it is ready."""

    url = ""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        log.info("listening", url=self.url)
        with contextlib.suppress(BrokenPipeError):
            print(f"listening on {self.url}", flush=True)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _check_rates(settings: Settings) -> None:
    known = [action.name for action in all_actions()]
    for name in settings.chosen_rates():
        if name not in (*known, "*"):
            raise Unusable(f"--rates: there is no action '{name}', but {', '.join(known)} and *")
    for name in ("account_rate", "address_rate"):
        rate = getattr(settings, name)
        if rate is not None and rate < 1:
            raise Unusable(f"--{name.replace('_', '-')} {rate}: choose 1 or more")


def _listening_socket(settings: Settings) -> socket.socket:
    """A socket that holds the port; who connects waits until we are ready."""
    host, port = settings.host, settings.port
    if not 0 <= port <= _PORT_MAX:  # the system would quietly take another one
        raise Unusable(f"--port {port}: choose one of 0 (a free one) to {_PORT_MAX}")
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        if settings.sample and not _is_loopback(listener):
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


def _is_loopback(listener: socket.socket) -> bool:
    return ipaddress.ip_address(listener.getsockname()[0]).is_loopback
