"""Products and sub-products with their names, as set up and listed."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

from counterfoil.store.database import Connection, Database
from counterfoil.store.statements import statement

_COLUMNS = attrgetter("product_code", "sub_product_code", "name_en", "name_zh", "en_name")


@dataclass(frozen=True, slots=True)
class NamedProduct:
    """A product (its sub-product code is empty) or a sub-product: shown in English and in Chinese,
    and the wire's "En name"."""

    product_code: str
    sub_product_code: str
    name_en: str
    name_zh: str
    en_name: str


async def put_products(connection: Connection, products: Sequence[NamedProduct]) -> None:
    """Writes products, new or not; of two with the same codes the last."""
    last = {(one.product_code, one.sub_product_code): one for one in products}
    ordered = [last[key] for key in sorted(last)]
    await connection.execute(
        statement("write_products"), *zip(*map(_COLUMNS, ordered), strict=True)
    )


async def product_page(
    database: Database, after: tuple[str, str], size: int
) -> Sequence[NamedProduct]:
    """The first `size` products and sub-products behind these codes."""
    rows = await database.fetch(statement("describe_products"), *after, size)
    return [NamedProduct(*row) for row in rows]
