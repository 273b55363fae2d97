"""The time from the command to the first answer, beside PostgreSQL alone and moto_server.

Fresh: `counterfoil serve --sample` on an empty folder, until a signed request is answered from the
database; the yardstick is `initdb` and `pg_ctl start`, with the same programs and options on the
same disk. Warm: the same server once more; the yardstick is `pg_ctl start` on an existing cluster,
and a Python that imports what `counterfoil serve` imports. moto_server, an emulator of AWS that
keeps nothing, is timed from its command to its first answer, an empty list of tables. All of them
alternate. Memory is read at the first answer: that of the one process, and that of PostgreSQL
beside it, with what its processes share counted once.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench.calls import Client, Key, response_of, signed_call
from bench.figures import Figure, Measurement, Result, ratios, result
from bench.lab import Lab
from bench.peers import started
from bench.postgresql import Postgresql
from bench.processes import proportional_mb, resident_mb
from bench.server import serving
from counterfoil.ledger.sample import CUSTOMER_A, KEYS

FRESH_CEILING, WARM_CEILING = 2.5, 3.0
_IMPORTS = "import counterfoil.cli.main, counterfoil.http.server"
_SAMPLE_CALL = {"Page": 1, "PageSize": 10, "CustomerUin": CUSTOMER_A, "VoucherId": 12130012}


def run(lab: Lab, rounds: int) -> Result:
    """Alternates starts of the server, of PostgreSQL alone and of moto_server."""
    taken: dict[str, list[float]] = {}
    for _ in range(rounds):
        for name, number in _turn(lab):
            taken.setdefault(name, []).append(number)
    fresh, warm, moto = taken["fresh start"], taken["warm start"], taken["moto_server"]
    fresh_alone, warm_alone = taken["initdb and pg_ctl start"], taken["pg_ctl start and imports"]
    return result(
        "start",
        [
            Figure(
                "fresh start / PostgreSQL alone", ratios(fresh, fresh_alone), FRESH_CEILING, False
            ),
            Figure("warm start / PostgreSQL alone", ratios(warm, warm_alone), WARM_CEILING, False),
            Figure("fresh start / moto_server", ratios(fresh, moto), None, False),
            Figure("warm start / moto_server", ratios(warm, moto), None, False),
        ],
        [
            Measurement(name, "MB" if name.startswith("memory") else "s", numbers)
            for name, numbers in taken.items()
        ],
    )


def _turn(lab: Lab) -> Iterator[tuple[str, float]]:
    bare = Postgresql(lab.fresh_folder())
    yield "initdb and pg_ctl start", bare.initdb() + bare.start()
    bare.stop()
    data = lab.fresh_folder()
    yield from _start(data, "fresh start")
    yield from _moto(lab.fresh_folder())
    yield "pg_ctl start and imports", bare.start() + _import_s()
    bare.stop()
    yield from _start(data, "warm start")


def _start(data: Path, name: str) -> Iterator[tuple[str, float]]:
    """Seconds from starting a server on the sample to a page of its usage; its memory."""
    (key,) = (key for key in KEYS if key.profile == "reseller")
    began_s = time.monotonic()
    with serving(data, "--sample") as server:
        call = signed_call(
            "DescribeCustomerVoucherUsageDetails",
            _SAMPLE_CALL,
            Key(key.secret_id, key.secret_key),
            server.address,
        )
        client = Client(server.address)
        body = client.send(call)
        yield name, time.monotonic() - began_s
        assert response_of(body)["TotalRecordsCount"] == 2
        client.close()
        yield f"memory after a {name}, server", resident_mb(server.pid)
        yield f"memory after a {name}, PostgreSQL", proportional_mb(server.postgresql_pid)


def _moto(folder: Path) -> Iterator[tuple[str, float]]:
    began_s = time.monotonic()
    with started(folder) as moto:
        yield "moto_server", time.monotonic() - began_s
        yield "memory, moto_server", resident_mb(moto.pid)


def _import_s() -> float:
    began_s = time.monotonic()
    subprocess.run([sys.executable, "-c", _IMPORTS], check=True)
    return time.monotonic() - began_s
