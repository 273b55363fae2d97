"""Charges a second, beside pgbench on the same programs and disk, and beside raw COPY.

`ChargeVouchers` over signed HTTP, one server process, on a book of 20,000 vouchers of 10,000
customers and 100,000 usages: calls of 1,000 charges, and single charges over 64 connections,
spread over the customers or all on one voucher. Every charge has a token of its own and is paid in
full; it is answered after its commit. The yardsticks are `pgbench` tpcb-like (prepared, 8 clients)
on a second server with default settings, and COPY of as many rows into a table like `usage`,
indexes and all, without any other work. `fsync`, `synchronous_commit` and `full_page_writes` are
checked to be on in both.
"""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

from bench.books import CHARGED_VOUCHERS
from bench.charging import BATCH, charge
from bench.figures import Figure, Measurement, Result, ratios, result
from bench.lab import Lab
from bench.load import Load, require_wrk
from bench.postgresql import BarePostgresql
from bench.server import Server
from counterfoil.store import embedded
from counterfoil.store.database import Connection, connect

BATCH_CALLS = 80
SINGLE_CALLS = 12_000
PGBENCH_S = 5
COPY_ROWS = 100_000
DURABLE = ("fsync", "synchronous_commit", "full_page_writes")


def run(lab: Lab, rounds: int) -> Result:
    """Alternates yardsticks and charges; the ratios of their rates."""
    require_wrk()
    rates: dict[str, list[float]] = {}
    loads: dict[str, list[Load]] = {}
    with (
        tempfile.TemporaryDirectory(prefix="counterfoil-pgbench-") as folder,
        lab.serving(CHARGED_VOUCHERS) as server,
    ):
        bare = BarePostgresql(Path(folder) / "bare")
        bare.initdb()
        bare.start()
        try:
            bare.fill_pgbench()
            asyncio.run(_check_durable(embedded.dsn(server.data)))
            asyncio.run(_check_durable(bare.dsn))
            for n in range(rounds):
                rates.setdefault("pgbench", []).append(bare.pgbench(PGBENCH_S))
                rates.setdefault("COPY", []).append(asyncio.run(_copy_rate(server)))
                for kind, load in _charge(server, Random(n)):
                    loads.setdefault(kind, []).append(load)
                    size = BATCH if kind == "batches" else 1
                    rates.setdefault(kind, []).append(load.answers_per_s * size)
        finally:
            bare.stop()
    return result("charges", _figures(rates, loads), list(_measurements(rates, loads)))


def _charge(server: Server, random: Random) -> Iterator[tuple[str, Load]]:
    book = CHARGED_VOUCHERS
    yield "batches", charge(server, book, random, calls=BATCH_CALLS, size=BATCH)
    yield "single", charge(server, book, random, calls=SINGLE_CALLS, size=1)
    hot = charge(server, book, random, calls=SINGLE_CALLS, size=1, voucher=0)
    yield "single, one voucher", hot


async def _check_durable(dsn: str) -> None:
    connection = await connect(dsn)
    try:
        for name in DURABLE:
            assert await connection.fetchval(f"show {name}") == "on", name
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


def _figures(rates: dict[str, list[float]], loads: dict[str, list[Load]]) -> list[Figure]:
    def figure(name: str, kind: str, yardstick: str, target: float | None) -> Figure:
        is_invalid = any(load.is_generator_busiest for load in loads[kind])
        invalid = "does not count: the load generator was the busy process" if is_invalid else ""
        samples = ratios(rates[kind], rates[yardstick])
        return Figure(name, samples, target=target, is_floor=True, invalid=invalid)

    return [
        figure("batches of 1,000 / COPY", "batches", "COPY", 0.1),
        figure("batches of 1,000 / pgbench", "batches", "pgbench", None),
        figure("single charges / pgbench", "single", "pgbench", 1.5),
        figure("one voucher / spread", "single, one voucher", "single", 0.7),
    ]


def _measurements(
    rates: dict[str, list[float]], loads: dict[str, list[Load]]
) -> Iterator[Measurement]:
    for kind, samples in rates.items():
        unit = {"pgbench": "transactions/s", "COPY": "rows/s"}.get(kind, "charges/s")
        yield Measurement(kind, unit, samples)
    for kind, measured in loads.items():
        yield Measurement(f"{kind}: p50", "ms", [load.p50_ms for load in measured])
        yield Measurement(f"{kind}: p99", "ms", [load.p99_ms for load in measured])
        for busy in measured[0].cores:
            samples = [load.cores[busy] for load in measured]
            yield Measurement(f"{kind}: {busy}", "cores", samples)
