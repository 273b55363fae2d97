"""Charges to measure: signed calls whose every answer is checked to be paid in full."""

import uuid
from collections.abc import Sequence
from random import Random
from typing import Any

from bench.books import KEY, Book
from bench.calls import SignedCall, signed_call
from bench.load import Load, RightAnswer, put_load
from bench.server import Server

BATCH = 1_000

_ACTION = "ChargeVouchers"
_CONNECTIONS = {BATCH: 4, 1: 64}
_LIMIT_S = 10
_PAID = '"PaidAmount":"0.0000'
_RIGHT = {
    BATCH: RightAnswer(length_min=100_000, length_max=400_000, text=_PAID, times=BATCH),
    1: RightAnswer(length_min=150, length_max=400, text=_PAID, times=1),
}


def charge(
    server: Server, book: Book, random: Random, *, calls: int, size: int, voucher: int | None = None
) -> Load:
    """Sends so many calls of so many charges each, once: sent again a call would be a replay and
    cost next to nothing. Without a voucher they are spread over all customers."""
    signed = [
        signed_call(_ACTION, {"Charges": _items(book, random, size, voucher)}, KEY, server.address)
        for _ in range(calls)
    ]
    return _sent(server, signed, size)


def _sent(server: Server, calls: Sequence[SignedCall], size: int) -> Load:
    connections = _CONNECTIONS[size]
    return put_load(
        server, calls, _RIGHT[size],
        connections=connections, limit_s=_LIMIT_S, answers_max=len(calls) - connections,
    )  # fmt: skip


def _items(book: Book, random: Random, size: int, voucher: int | None) -> list[dict[str, Any]]:
    return [_item(book, random, voucher) for _ in range(size)]


def _item(book: Book, random: Random, voucher: int | None) -> dict[str, Any]:
    """A charge of up to 0.00009 USD; without a voucher, of a random customer's vouchers."""
    product = random.randrange(40)
    named = random.randrange(book.vouchers) if voucher is None else voucher
    item: dict[str, Any] = {
        "ClientToken": str(uuid.UUID(int=random.getrandbits(128))),
        "CustomerUin": book.owner_uin(named),
        "PayMode": "postPay",
        "BillId": f"bill-{random.randrange(10**12):012d}",
        "Lines": [
            {
                "ProductCode": f"p_{product}",
                "SubProductCode": f"sp_{product}_{random.randrange(10)}",
                "Amount": f"0.0000{random.randrange(1, 10)}",
            }
        ],
    }
    if voucher is not None:
        item["VoucherIds"] = [book.voucher_no(voucher)]
    return item
