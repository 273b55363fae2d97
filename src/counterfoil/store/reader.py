"""What a write reads of vouchers and products.

Nothing is locked.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from counterfoil.domain.burndown import Place, place_of
from counterfoil.domain.voucher import ProductScope, Terms, VoidKind, Voucher
from counterfoil.store.database import Connection
from counterfoil.store.statements import statement

# No charge considers more vouchers of a customer than this many.
CANDIDATES_MAX = 1_000
# So many are read for a charge to begin with, and then these while they are too few.
INSTALMENTS = (32, 200, CANDIDATES_MAX)
_TERMS_KEPT_MAX = 50_000
_LARGE_KEPT_MAX = 50_000

Key = tuple[int, int]  # (owner_uin, voucher_no)
Product = tuple[str, str]  # (product code, sub-product code or empty)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Vouchers that may pay, and by owner the place up to which they were read: whatever is missing
    burns after it. None where nothing is missing."""

    vouchers: dict[Key, Voucher]
    read_to: dict[int, Place | None]


class Reader:
    """Reads vouchers and products, and keeps what never changes: terms, and that the catalogue has
    a product, for it loses none. It remembers too which owners have many vouchers.

    Of the vouchers that may pay, so many are read as `instalments` says, first the first of them.
    """

    def __init__(self, instalments: Sequence[int] = INSTALMENTS) -> None:
        self.instalments = instalments
        self._terms: dict[int, Terms] = {}
        self._large: set[int] = set()
        self._products: set[Product] = set()

    async def products(self, connection: Connection, asked: Collection[Product]) -> set[Product]:
        """Products and sub-products that the catalogue has, among them those of these."""
        unknown = set(asked).difference(self._products)
        if unknown:
            rows = await connection.fetch(statement("known_products"), *zip(*unknown, strict=True))
            self._products |= {(row["product_code"], row["sub_product_code"]) for row in rows}
        return self._products

    async def by_number(self, connection: Connection, keys: Collection[Key]) -> dict[Key, Voucher]:
        """These vouchers; those that do not exist are left out."""
        if not keys:
            return {}
        owners, numbers = zip(*keys, strict=True)
        rows = await connection.fetch(
            statement("vouchers_by_number"), list(set(owners)), owners, numbers
        )
        return await self._vouchers(connection, rows)

    async def candidates(
        self, connection: Connection, owner_uins: Collection[int], now: datetime, at_most: int
    ) -> Candidates:
        """The vouchers of these owners that have value and have not ended, so many of each.

        One statement reads those of all who have few; it looks at all that each of them has.
        Whoever turns out to have many is read by a statement about one from then on.
        """
        large = self._large.intersection(owner_uins)
        found = await self._of_several(
            connection, large.symmetric_difference(owner_uins), now, at_most
        )
        for owner_uin in sorted(large):
            own = await self.first_candidates(connection, owner_uin, now, at_most)
            found.vouchers.update(own.vouchers)
            found.read_to.update(own.read_to)
        return found

    async def first_candidates(
        self, connection: Connection, owner_uin: int, now: datetime, at_most: int
    ) -> Candidates:
        """The same of one owner, at a cost that does not depend on how many it has."""
        rows = await connection.fetch(
            statement("first_candidates"), owner_uin, now, CANDIDATES_MAX, at_most
        )
        vouchers = await self._vouchers(connection, rows)
        if len(rows) < self.instalments[0]:
            self._large.discard(owner_uin)
        is_all = len(rows) < at_most or at_most == CANDIDATES_MAX
        return Candidates(
            vouchers, {owner_uin: None if is_all else place_of(list(vouchers.values())[-1])}
        )

    async def _of_several(
        self, connection: Connection, owner_uins: Collection[int], now: datetime, at_most: int
    ) -> Candidates:
        if not owner_uins:
            return Candidates({}, {})
        rows = await connection.fetch(
            statement("voucher_candidates"), list(owner_uins), now, at_most
        )
        vouchers = await self._vouchers(connection, rows)
        counts = Counter(owner_uin for owner_uin, _ in vouchers)
        large = {owner_uin for owner_uin, count in counts.items() if count == at_most}
        if len(self._large) > _LARGE_KEPT_MAX:
            self._large = set()
        self._large |= large
        if at_most == CANDIDATES_MAX:
            return Candidates(vouchers, dict.fromkeys(owner_uins))
        # In order: the last of each owner stays. Others may end with it and have less available.
        last = {voucher.owner_uin: voucher for voucher in vouchers.values()}
        read_to = {uin: (last[uin].priority, last[uin].end_at, 0, 0) for uin in large}
        return Candidates(vouchers, {uin: read_to.get(uin) for uin in owner_uins})

    async def live(
        self, connection: Connection, owner_uins: Collection[int], now: datetime
    ) -> dict[Key, Voucher]:
        """The vouchers of these owners that have value, held or not, and have not ended."""
        if not owner_uins:
            return {}
        rows = await connection.fetch(statement("live_vouchers"), list(owner_uins), now)
        return await self._vouchers(connection, rows)

    async def _vouchers(self, connection: Connection, rows: Sequence[Any]) -> dict[Key, Voucher]:
        if len(self._terms) > _TERMS_KEPT_MAX:
            self._terms = {}  # not emptied: another batch may be about to look into the old one
        terms = self._terms
        unknown = {row["terms_id"] for row in rows} - terms.keys()
        if unknown:
            terms |= await read_terms(connection, unknown)
        return {(row[0], row[1]): _voucher(row, terms) for row in rows}


async def read_terms(connection: Connection, terms_ids: Collection[int]) -> dict[int, Terms]:
    """These terms by id."""
    rows = await connection.fetch(statement("terms_by_id"), list(terms_ids))
    return {
        terms_id: Terms(
            pay_mode, tuple(scenes), ProductScope(scope), tuple(codes), tuple(excluded), *rest
        )
        for terms_id, pay_mode, scenes, scope, codes, excluded, *rest in rows
    }


def _voucher(row: Sequence[Any], terms: Mapping[int, Terms]) -> Voucher:
    (
        owner_uin, voucher_no, issuer_uin, funder_uin, terms_id, priority, begin_at, end_at,
        void_kind, *rest,
    ) = row  # fmt: skip
    return Voucher(
        owner_uin, voucher_no, issuer_uin, funder_uin, terms[terms_id], priority, begin_at, end_at,
        VoidKind(void_kind) if void_kind else None, *rest,
    )  # fmt: skip
