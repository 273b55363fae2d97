"""Starting and stopping a server: database, schema, keys, sample, then the listening socket."""

import asyncio
import contextlib
import ipaddress
import signal
import socket
from collections.abc import AsyncIterator, Iterator

import structlog
import uvicorn

from counterfoil.access.credentials import Credentials
from counterfoil.access.keys import open_master_key, store_key
from counterfoil.access.sealing import MasterKey
from counterfoil.clock import Clock
from counterfoil.domain.errors import Unavailable, Unusable
from counterfoil.http.protocol import BoundedProtocol
from counterfoil.http.site import Site
from counterfoil.ledger import sample
from counterfoil.ledger.book import Book
from counterfoil.settings import Settings
from counterfoil.store import embedded
from counterfoil.store.database import Database
from counterfoil.store.identities import has_accounts
from counterfoil.store.migrate import migrate
from counterfoil.telemetry import Requests
from counterfoil.wire.app import WireApp

log = structlog.get_logger()

_WATCH_S = 0.5
_KEEP_ALIVE_S = 75
_GRACE_S = 10


def run(settings: Settings) -> None:
    """Serves until SIGINT or SIGTERM.

    Raises:
        Unusable: these settings, this folder or this database can't be served from.
    """
    import uvloop

    uvloop.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    if settings.sample and not _is_loopback(settings.host):
        raise Unusable(
            f"--sample uses published keys and serves on loopback only, not on {settings.host}"
        )
    with _listening_socket(settings.host, settings.port) as listener:
        async with _database(settings) as database:
            site = await _site(settings, database)
            await _listen(site, listener, stopping)


@contextlib.asynccontextmanager
async def _database(settings: Settings) -> AsyncIterator[Database]:
    """The database meant, migrated; an embedded one is watched, and stopped at the end."""
    async with contextlib.AsyncExitStack() as stack:
        dsn = settings.database
        if dsn is None:
            server = await asyncio.to_thread(embedded.start, settings.data)
            stack.push_async_callback(asyncio.to_thread, server.stop)
            watch = asyncio.create_task(_watch(server))
            stack.callback(watch.cancel)
            dsn = embedded.dsn(settings.data)
        await migrate(dsn)
        database = await Database.open(dsn)
        stack.push_async_callback(database.close)
        yield database


async def _watch(server: embedded.Server) -> None:
    """Restarts PostgreSQL when it dies under us."""
    while True:
        await asyncio.sleep(_WATCH_S)
        if server.is_running():
            continue
        log.error("postgresql_died")
        try:
            await asyncio.to_thread(server.ensure_running)
            log.warning("postgresql_restarted")
        except Unusable as error:
            log.error("postgresql_not_restarted", cause=str(error))


async def _site(settings: Settings, database: Database) -> Site:
    clock, requests = Clock(), Requests()
    master_key = await open_master_key(database, settings.master_key_path())
    await _prepare_accounts(settings, database, master_key, clock)
    credentials = Credentials(database, master_key, clock, accept_sample=settings.sample)
    wire = WireApp(settings, credentials, Book(database, clock), clock, requests)

    async def is_ready() -> bool:
        try:
            await database.fetch("select 1")
        except Unavailable:
            return False
        return True

    return Site(wire, requests, is_ready)


async def _prepare_accounts(
    settings: Settings, database: Database, master_key: MasterKey, clock: Clock
) -> None:
    """Keeps sample accounts and real ones apart, and loads the sample once."""
    has_sample, has_other = await has_accounts(database)
    if has_sample and not _is_loopback(settings.host):
        raise Unusable(
            f"this database holds sample accounts, whose keys are published: "
            f"it is served on loopback only, not on {settings.host}"
        )
    if settings.sample and has_other:
        raise Unusable("--sample refuses a database that holds accounts of your own")
    if settings.sample and not has_sample:
        async with database.transaction() as connection:
            await sample.load_sample(connection)
            for key in sample.KEYS:
                await store_key(
                    connection,
                    master_key,
                    main_uin=key.uin,
                    secret_id=key.secret_id,
                    secret_key=key.secret_key,
                    at=clock.ledger(),
                )


async def _listen(site: Site, listener: socket.socket, stopping: asyncio.Event) -> None:
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
    server.ready_line = f"listening on http://{shown}:{port}"
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    stop = asyncio.create_task(stopping.wait())
    await asyncio.wait([serving, stop], return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    await serving


class _Server(uvicorn.Server):
    """uvicorn in a loop of ours: signals are handled in one place, above, and a line tells when
    it is ready."""

    ready_line = ""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        print(self.ready_line, flush=True)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _listening_socket(host: str, port: int) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise Unusable(f"can't listen on {host}:{port}: {reason}") from None
    return listener
