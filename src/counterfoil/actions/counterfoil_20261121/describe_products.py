"""DescribeProducts: the products and sub-products of the catalogue, by their codes.

Any account may read it. A page begins where the one before ended, so that every page costs the same
and none shows a product twice.
"""

from urllib.parse import quote, unquote

import msgspec

from counterfoil.actions.declaration import Action, Call, Int64
from counterfoil.actions.errors import read_errors
from counterfoil.domain.account import EVERYONE
from counterfoil.domain.errors import BadCursor, OutOfRange
from counterfoil.store.catalogue import NamedProduct

LIMIT_MAX = 1_000
LIMIT_DEFAULT = 100


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    Limit: Int64 | None = None
    """Products and sub-products a page, 1 to 1,000, by default 100."""
    Cursor: str | None = None
    """Where the page begins: the Cursor of the answer before; absent or empty for the first."""


class ProductInCatalogue(msgspec.Struct, frozen=True):
    """A product, or one of its sub-products."""

    ProductCode: str
    """The product's code."""
    SubProductCode: str
    """The sub-product's code; empty for the product as such."""
    Name: str
    """What it is called in English."""
    NameZh: str
    """What it is called in Chinese."""
    EnName: str
    """What usage shows as its "En name", whatever the language."""


class Response(msgspec.Struct, frozen=True):
    Products: list[ProductInCatalogue]
    """The page's products and sub-products; a product comes ahead of its sub-products."""
    Cursor: str
    """Where the next page begins; empty on the last one."""


async def run(call: Call, request: Request) -> Response:
    limit = LIMIT_DEFAULT if request.Limit is None else request.Limit
    if not 1 <= limit <= LIMIT_MAX:
        raise OutOfRange("Limit")
    page = await call.book.products.page(after=_place(request.Cursor), size=limit + 1)
    following = _cursor(page[limit - 1]) if len(page) > limit else ""
    return Response([_in_catalogue(product) for product in page[:limit]], following)


def _cursor(last: NamedProduct) -> str:
    return f"{quote(last.product_code, safe='')}/{quote(last.sub_product_code, safe='')}"


def _place(cursor: str | None) -> tuple[str, str]:
    """The codes behind which a page begins.

    Raises:
        BadCursor: not a text that an answer has given.
    """
    if not cursor:
        return "", ""
    codes = [unquote(part) for part in cursor.split("/")]
    if len(codes) != 2 or any("\0" in code for code in codes):
        raise BadCursor("Cursor", cursor)
    return codes[0], codes[1]


def _in_catalogue(product: NamedProduct) -> ProductInCatalogue:
    return ProductInCatalogue(
        product.product_code,
        product.sub_product_code,
        product.name_en,
        product.name_zh,
        product.en_name,
    )


ACTION = Action(
    service="counterfoil",
    version="2026-11-21",
    name="DescribeProducts",
    roles=EVERYONE,
    request=Request,
    response=Response,
    run=run,
    errors=read_errors(OutOfRange, BadCursor),
    example="--profile reseller Limit=10",
)
