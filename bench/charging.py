"""Charges to measure: signed calls whose every answer is checked to be paid in full."""

import uuid
from random import Random
from typing import Any

from bench.books import RESELLER_KEY, Book
from bench.calls import SignedCall, signed_call
from bench.load import Load, RightAnswer, put_load
from bench.server import Server

ACTION = "ChargeVouchers"
BATCH = 1_000

_PAID = '"PaidAmount":"0.0000'
# More than any server here answers: a call that is sent again would be a replay and cost nothing.
_CHARGES_A_S_MAX = {1: 4_000, 10: 8_000, BATCH: 16_000}
_CALLS_A_S_MAX = 1_000  # over one connection, which waits for each answer


def right_answer(size: int) -> RightAnswer:
    """How the answer to so many charges is told."""
    return RightAnswer(length_min=100 * size, length_max=400 * size, text=_PAID, times=size)


def charge(
    server: Server,
    book: Book,
    random: Random,
    *,
    size: int,
    connections: int,
    seconds: int,
    voucher: int | None = None,
) -> Load:
    """Sends calls of so many charges each, every one once, for so long or until there are no more.
    Without a voucher they are spread over all customers."""
    count = min(_CHARGES_A_S_MAX[size] // size, _CALLS_A_S_MAX * connections) * seconds
    calls = charge_calls(server, book, random, count=count, size=size, voucher=voucher)
    return put_load(
        server, calls, right_answer(size),
        connections=connections, limit_s=seconds, answers_max=count - connections,
    )  # fmt: skip


def charge_calls(
    server: Server,
    book: Book,
    random: Random,
    *,
    count: int,
    size: int = 1,
    voucher: int | None = None,
) -> list[SignedCall]:
    """So many calls of so many charges each, signed now."""
    return [
        signed_call(
            ACTION,
            {"Charges": [_item(book, random, voucher) for _ in range(size)]},
            RESELLER_KEY,
            server.address,
        )
        for _ in range(count)
    ]


def _item(book: Book, random: Random, voucher: int | None) -> dict[str, Any]:
    """A charge of up to 0.00009 USD; without a voucher, of a random customer's vouchers."""
    shelf = book.charged
    product = random.randrange(40)
    named = random.randrange(shelf.vouchers) if voucher is None else voucher
    item: dict[str, Any] = {
        "ClientToken": str(uuid.UUID(int=random.getrandbits(128))),
        "CustomerUin": shelf.owner_uin(named),
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
        item["VoucherIds"] = [shelf.voucher_no(voucher)]
    return item
