"""Charges a second, beside pgbench, raw COPY and other ways to post them.

`ChargeVouchers` over signed HTTP on a book of 20,000 vouchers of 10,000 customers: calls of 1,000
and of 10 charges, and single charges over 1, 16 and 64 connections, spread over the customers or
all on one voucher. Every charge has a token of its own and is paid in full; it is answered after
its commit. One server process answers, and where it says so two (`--workers 2`), which is how a
server uses the cores that pgbench's sessions use. The yardsticks:

- **pgbench** tpcb-like, prepared, 8 clients: three updates, a select and an insert to a
  transaction;
- **COPY** of rows into a table like `usage`, indexes and all, without any other work;
- **one UPDATE**: pgbench with 8 clients takes each charge from a voucher's row by
  `update … where available_micro >= …` and nothing else: no usage, no token, no month, no rules on
  what may be charged. The least that one would write by hand, spread and on one voucher;
- **django-hordak**, double entry for Django: `Account.transfer_to` posts each charge as a
  transaction of two legs, from 8 threads of one process. It has no tokens, vouchers or batches, and
  no HTTP is before it here; what is compared is the posting alone, and it does without what a
  voucher needs.

pgbench, the UPDATE and django-hordak work on a second server of the same programs on the same disk,
with the settings that initdb chooses. `fsync`, `synchronous_commit` and `full_page_writes` are
checked to be on in both.
"""

import asyncio
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

from bench.books import SHORT
from bench.charging import BATCH, charge
from bench.figures import Figure, Measurement, Result, ratios, result
from bench.lab import Lab
from bench.load import Load, compared, invalid, measurements, require_wrk
from bench.peers import Hordak
from bench.pgbench import Pgbench
from bench.postgresql import Postgresql
from bench.server import Server
from counterfoil.store import embedded
from counterfoil.store.database import Connection, connect

SECONDS = 2
BATCH_SECONDS = 5
COPY_ROWS = 100_000
DURABLE = ("fsync", "synchronous_commit", "full_page_writes")


@dataclass(frozen=True)
class Kind:
    """How many charges a call has, over how many connections they come, which voucher alone is
    charged, and how many processes answer."""

    size: int
    connections: int
    voucher: int | None = None
    workers: int = 1


CONNECTIONS = {1: "1 connection", 16: "16 connections", 64: "64 connections"}
KINDS = {
    "batches of 1,000": Kind(BATCH, 4),
    "batches of 1,000, two processes": Kind(BATCH, 8, workers=2),
    "batches of 10": Kind(10, 16),
    **{f"single, {shown}": Kind(1, n) for n, shown in CONNECTIONS.items()},
    "single, 64 connections, two processes": Kind(1, 64, workers=2),
    **{f"one voucher, {shown}": Kind(1, n, voucher=0) for n, shown in CONNECTIONS.items()},
}

UPDATED = """
create table charged (voucher_no bigint primary key, available_micro bigint not null)
    with (fillfactor = 80);
insert into charged select n, 1000000000000 from generate_series(1, 20000) as n;
"""
UPDATE = """
\\set voucher {voucher}
\\set amount random(1, 9) * 1000
update charged set available_micro = available_micro - :amount
where voucher_no = :voucher and available_micro >= :amount;
"""
UPDATES = {
    "one UPDATE, spread": UPDATE.format(voucher="random(1, 20000)"),
    "one UPDATE, one voucher": UPDATE.format(voucher="1"),
}

Rates = dict[str, list[float]]
Loads = dict[str, list[Load]]


def run(lab: Lab, rounds: int) -> Result:
    """Alternates yardsticks and charges; the ratios of their rates."""
    require_wrk()
    rates: Rates = {}
    loads: Loads = {}
    pgbench = Pgbench(lab.fresh_folder())
    second = Postgresql(lab.fresh_folder())
    second.initdb()
    second.start()
    try:
        with lab.serving(SHORT) as server, lab.serving(SHORT, "--workers", "2") as several:
            servers = {1: server, 2: several}  # on one book
            asyncio.run(_check_durable(embedded.dsn(server.data)))
            asyncio.run(_check_durable(second.dsn()))
            asyncio.run(_execute(second.dsn(), UPDATED))
            pgbench.fill(second.dsn())
            hordak = Hordak(second)
            for warmed in servers.values():
                charge(warmed, SHORT, Random(), size=10, connections=16, seconds=SECONDS)
            for _ in range(rounds):
                for kind, rate in _yardsticks(server, second, pgbench, hordak):
                    rates.setdefault(kind, []).append(rate)
                for kind in KINDS:
                    loads.setdefault(kind, []).append(_charge(servers, kind))
    finally:
        second.stop()
    return result("charges", list(_figures(rates, loads)), list(_measurements(rates, loads)))


def _yardsticks(
    server: Server, second: Postgresql, pgbench: Pgbench, hordak: Hordak
) -> Iterator[tuple[str, float]]:
    yield "pgbench", pgbench.rate(second.dsn(), clients=8, seconds=SECONDS)
    yield "COPY", asyncio.run(_copy_rate(server))
    for kind, script in UPDATES.items():
        yield kind, pgbench.rate(second.dsn(), clients=8, seconds=SECONDS, script=script)
    yield "django-hordak", hordak.rate(SECONDS)


def _charge(servers: Mapping[int, Server], name: str) -> Load:
    kind = KINDS[name]
    return charge(
        servers[kind.workers], SHORT, Random(),
        size=kind.size, connections=kind.connections, voucher=kind.voucher,
        seconds=BATCH_SECONDS if kind.size == BATCH else SECONDS,
    )  # fmt: skip


async def _check_durable(dsn: str) -> None:
    connection = await connect(dsn)
    try:
        for name in DURABLE:
            assert await connection.fetchval(f"show {name}") == "on", name
    finally:
        await connection.close()


async def _execute(dsn: str, sql: str) -> None:
    connection = await connect(dsn)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


async def _copy_rate(server: Server) -> float:
    """Rows a second that COPY writes into a table like `usage`."""
    connection = await connect(embedded.dsn(server.data))
    try:
        return await _timed_copy(connection)
    finally:
        await connection.execute("drop table if exists copied_usage")
        await connection.close()


async def _timed_copy(connection: Connection) -> float:
    await connection.execute("create table copied_usage (like usage including all)")
    with tempfile.TemporaryFile() as file:
        await connection.copy_from_query(
            "select * from usage limit $1", COPY_ROWS, output=file, format="binary"
        )
        file.seek(0)
        began_s = time.monotonic()
        await connection.copy_to_table("copied_usage", source=file, format="binary")
        return COPY_ROWS / (time.monotonic() - began_s)


def _figures(rates: Rates, loads: Loads) -> Iterator[Figure]:
    def beside(kind: str, yardstick: str, target: float | None) -> Figure:
        charges = [load.answers_per_s * KINDS[kind].size for load in loads[kind]]
        samples = ratios(charges, rates[yardstick])
        name = f"{kind} / {yardstick}"
        return Figure(name, samples, target, is_floor=True, invalid=invalid(loads[kind]))

    for kind in ("batches of 1,000", "batches of 1,000, two processes"):
        yield beside(kind, "COPY", 0.15)
        yield beside(kind, "pgbench", None)
    yield beside("batches of 10", "pgbench", None)
    for n, shown in CONNECTIONS.items():
        yield beside(f"single, {shown}", "pgbench", 2.5 if n == 64 else None)
    yield beside("single, 64 connections, two processes", "pgbench", 2.5)
    for n, shown in CONNECTIONS.items():
        yield compared(
            f"one voucher / spread, {shown}",
            loads[f"one voucher, {shown}"],
            loads[f"single, {shown}"],
            0.9 if n == 64 else None,
        )
    yield beside("single, 64 connections", "one UPDATE, spread", None)
    yield beside("one voucher, 64 connections", "one UPDATE, one voucher", None)
    yield beside("single, 64 connections", "django-hordak", None)
    yield beside("batches of 1,000", "django-hordak", None)


def _measurements(rates: Rates, loads: Loads) -> Iterator[Measurement]:
    for kind, samples in rates.items():
        unit = {"COPY": "rows/s", "django-hordak": "transfers/s"}.get(kind, "transactions/s")
        yield Measurement(kind, unit, samples)
    for kind, taken in loads.items():
        yield from measurements(kind, taken, size=KINDS[kind].size, unit="charges/s")
