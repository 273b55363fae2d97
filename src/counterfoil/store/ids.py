"""Ids from memory: whole blocks are taken from `id_range` in transactions of their own, so that no
write waits for another's commit just to number its rows. Numbers of a block that is lost with its
process are never used."""

import secrets
import string
from typing import Protocol

from counterfoil.domain.errors import Conflict
from counterfoil.store.bulk import take_ids
from counterfoil.store.database import Database

BLOCK = 10_000
CODE_LENGTH = 22
_CODE_LETTERS = string.ascii_uppercase + string.digits


class Ids(Protocol):
    """Where the numbers and codes of new rows come from."""

    def take(self, kind: str) -> int:
        """The next id of a kind."""

    def voucher_code(self) -> str:
        """The code of a new voucher."""


class IdBlocks:
    """Hands out ids of any kind. `refill` makes sure that a batch's worth is at hand; a batch that
    needs more than that is a `Conflict`, and finds more at its next try."""

    def __init__(self, database: Database, kinds: tuple[str, ...]) -> None:
        self._database = database
        self._next = dict.fromkeys(kinds, 0)
        self._end = dict.fromkeys(kinds, 0)
        self._wanted = dict.fromkeys(kinds, BLOCK // 4)

    async def refill(self) -> None:
        """Tops up every kind of which less than a batch's worth is at hand; what is left of the
        old block is dropped: ids are unique, nothing more."""
        for kind, wanted in self._wanted.items():
            if self._end[kind] - self._next[kind] < wanted:
                count = max(BLOCK, wanted)
                async with self._database.transaction() as connection:
                    first = await take_ids(connection, kind, count)
                self._next[kind], self._end[kind] = first, first + count

    def voucher_code(self) -> str:
        """A code that nobody can guess."""
        return "".join(secrets.choice(_CODE_LETTERS) for _ in range(CODE_LENGTH))

    def take(self, kind: str) -> int:
        """The next id of a kind.

        Raises:
            Conflict: this batch needs more than were at hand.
        """
        taken = self._next[kind]
        if taken >= self._end[kind]:
            self._wanted[kind] = min(2 * self._wanted[kind], 10_000_000)
            raise Conflict
        self._next[kind] = taken + 1
        return taken
