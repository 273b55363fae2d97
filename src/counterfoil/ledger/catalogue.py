"""The catalogue: which products and sub-products there are, and what they are called."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from counterfoil.domain.account import AccountKind
from counterfoil.domain.errors import RoleRefused
from counterfoil.ledger import results
from counterfoil.ledger.command import Origin
from counterfoil.store.catalogue import NamedProduct, product_page, put_products
from counterfoil.store.database import Connection, Database


@dataclass(frozen=True, slots=True)
class NameProducts:
    """Adds products, or names those anew that are there; of two with the same codes the last
    counts. The catalogue is the platform's, `owner_uin`."""

    origin: Origin
    owner_uin: int
    products: tuple[NamedProduct, ...]

    async def apply(self, connection: Connection, _: datetime) -> results.Done:
        if self.origin.caller.kind is not AccountKind.PLATFORM:
            raise RoleRefused
        await put_products(connection, self.products)
        return results.Done()


class ProductQueries:
    """The questions about the catalogue of one server."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, *, after: tuple[str, str], size: int) -> Sequence[NamedProduct]:
        """The next products and sub-products, by code and sub-code.

        Raises:
            Unavailable: the database can't be reached just now.
        """
        return await product_page(self._database, after, size)
