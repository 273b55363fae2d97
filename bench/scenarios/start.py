"""The time from the command to the first answer, beside PostgreSQL alone.

Fresh: `counterfoil serve --sample` on an empty folder, until a signed request is answered from the
database; the yardstick is `initdb` and `pg_ctl start`, with the same programs and options on the
same disk. Warm: the same server once more; the yardstick is `pg_ctl start` on an existing cluster,
and a Python that imports what `counterfoil serve` imports. Server and yardstick alternate.
"""

import subprocess
import sys
import time
from pathlib import Path

from bench.calls import Client, Key, response_of, signed_call
from bench.figures import Figure, Measurement, Result, ratios, result
from bench.lab import Lab
from bench.postgresql import BarePostgresql
from bench.server import serving
from counterfoil.ledger.sample import CUSTOMER_A, KEYS

FRESH_CEILING, WARM_CEILING = 2.5, 3.0
_IMPORTS = "import counterfoil.cli.main, counterfoil.http.server"
_SAMPLE_CALL = {"Page": 1, "PageSize": 10, "CustomerUin": CUSTOMER_A, "VoucherId": 12130012}


def run(lab: Lab, rounds: int) -> Result:
    """Alternates starts of the server and of PostgreSQL alone; the ratios of their times."""
    fresh, warm, fresh_alone, warm_alone = [], [], [], []
    for _ in range(rounds):
        bare = BarePostgresql(lab.fresh_folder())
        initdb_s, first_start_s = bare.initdb(), bare.start()
        bare.stop()
        fresh_alone.append(initdb_s + first_start_s)
        data = lab.fresh_folder()
        fresh.append(_first_answer_s(data))
        warm_alone.append(bare.start() + _import_s())
        bare.stop()
        warm.append(_first_answer_s(data))
    return result(
        "start",
        [
            Figure(
                "fresh start / PostgreSQL alone", ratios(fresh, fresh_alone), FRESH_CEILING, False
            ),
            Figure("warm start / PostgreSQL alone", ratios(warm, warm_alone), WARM_CEILING, False),
        ],
        [
            Measurement("fresh start", "s", fresh),
            Measurement("initdb and pg_ctl start", "s", fresh_alone),
            Measurement("warm start", "s", warm),
            Measurement("pg_ctl start and imports", "s", warm_alone),
        ],
    )


def _first_answer_s(data: Path) -> float:
    """Seconds from starting a server on the sample to a page of its usage."""
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
        elapsed_s = time.monotonic() - began_s
        assert response_of(body)["TotalRecordsCount"] == 2
        client.close()
    return elapsed_s


def _import_s() -> float:
    began_s = time.monotonic()
    subprocess.run([sys.executable, "-c", _IMPORTS], check=True)
    return time.monotonic() - began_s
