"""Terms by content: the same terms are stored once, whoever issues on them."""

import hashlib
from collections.abc import Collection

import msgspec

from counterfoil.domain.voucher import Terms
from counterfoil.store.bulk import take_ids
from counterfoil.store.database import Connection
from counterfoil.store.statements import statement

_encode = msgspec.json.Encoder().encode


def digest(terms: Terms) -> bytes:
    """What tells these terms from others."""
    return hashlib.sha256(_encode(terms)).digest()


async def store_terms(connection: Connection, terms: Collection[Terms]) -> dict[Terms, int]:
    """The id of each of these terms, stored now where they were not."""
    by_digest = {digest(one): one for one in terms}
    found = await _ids(connection, list(by_digest))
    missing = sorted(by_digest.keys() - found.keys())
    if missing:
        first = await take_ids(connection, "terms", len(missing))
        for terms_id, key in enumerate(missing, start=first):
            one = by_digest[key]
            await connection.execute(
                statement("insert_terms"), terms_id, key, one.pay_mode, one.pay_scenes,
                one.product_scope, one.product_codes, one.excluded_product_codes,
                one.min_spend_micro, one.returns_on_refund, one.returns_on_expiry,
                one.returns_on_withdrawal,
            )  # fmt: skip
        found = await _ids(connection, list(by_digest))
    return {one: found[key] for key, one in by_digest.items()}


async def _ids(connection: Connection, digests: Collection[bytes]) -> dict[bytes, int]:
    rows = await connection.fetch(statement("terms_by_digest"), digests)
    return {row["digest"]: row["terms_id"] for row in rows}
