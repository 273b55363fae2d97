"""moto_server, an emulator of AWS, with a DynamoDB table of 1,000 items."""

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.calls import Client, SignedCall
from bench.load import RightAnswer
from bench.peers.environment import program

_TABLE = "usage"
_VOUCHERS, _USAGES_EACH = 10, 100
_READY_S = 60


@dataclass(frozen=True)
class Moto:
    """A running moto_server: its address (host:port) and its pid."""

    address: str
    pid: int

    @property
    def processes(self) -> Mapping[str, int]:
        """The root of its process tree."""
        return {"moto_server": self.pid}


def _call(operation: str, **parameters: Any) -> SignedCall:
    """An operation of DynamoDB; moto looks at whose the signature is, not whether it is right."""
    scope = "bench/20260101/us-east-1/dynamodb/aws4_request"
    headers = {
        "host": "127.0.0.1",
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": f"DynamoDB_20120810.{operation}",
        "authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0",
    }
    return SignedCall(headers, json.dumps({"TableName": _TABLE, **parameters}).encode())


# The newest 10 of one voucher's 100, as a page of usage is.
QUERY = _call(
    "Query",
    KeyConditionExpression="VoucherId = :voucher",
    ExpressionAttributeValues={":voucher": {"N": "3"}},
    Limit=10,
    ScanIndexForward=False,
)
ITEMS = RightAnswer(length_min=1_000, length_max=10_000, text='"PayTime":', times=10)


@contextmanager
def moto_server(folder: Path) -> Iterator[Moto]:
    """moto_server as it comes, on a free port and with the table filled, until the block ends."""
    with started(folder) as moto:
        client = Client(moto.address)
        for call in _filling():
            assert b"Exception" not in client.send(call)
        client.close()
        yield moto


@contextmanager
def started(folder: Path) -> Iterator[Moto]:
    """moto_server from its start until the block ends; `folder` is where it is run. It is yielded
    when it answers."""
    folder.mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "MOTO_"))}
    process = subprocess.Popen(
        [program("moto_server"), "--host", "127.0.0.1", "--port", str(port)],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=kept,
    )
    try:
        moto = Moto(f"127.0.0.1:{port}", process.pid)
        _wait_for_answer(moto)
        yield moto
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)


def _wait_for_answer(moto: Moto) -> None:
    deadline_s = time.monotonic() + _READY_S
    while time.monotonic() < deadline_s:
        try:
            client = Client(moto.address)
            client.send(_call("ListTables"))
            client.close()
        except ConnectionRefusedError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError(f"moto_server did not answer within {_READY_S} s")


def _filling() -> Iterator[SignedCall]:
    keys = {"VoucherId": "HASH", "Ordinal": "RANGE"}
    yield _call(
        "CreateTable",
        KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in keys.items()],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "N"} for name in keys],
        BillingMode="PAY_PER_REQUEST",
    )
    for voucher in range(_VOUCHERS):
        for ordinal in range(_USAGES_EACH):
            item = {
                "VoucherId": {"N": str(voucher)},
                "Ordinal": {"N": str(ordinal)},
                "DealName": {"S": f"20210101{10**15 + ordinal}"},
                "Amount": {"N": "0.7"},
                "PayMode": {"S": "Prepaid"},
                "ProductCode": {"S": "p_1"},
                "SubProductCode": {"S": "sp_1_1"},
                "PayTime": {"S": "2021-01-01 00:00:00"},
                "OwnerUin": {"N": "700000000001"},
            }
            yield _call("PutItem", Item=item)
