"""DescribeProducts: the products and sub-products of the catalogue, by their codes.

Any account may read it. A page begins behind the codes given, so that every page costs the same.
"""

import msgspec

from counterfoil.actions import values
from counterfoil.actions.declaration import Action, Call, Int64
from counterfoil.actions.errors import PAGE_ERRORS, WRITE_ERRORS
from counterfoil.domain.account import EVERYONE
from counterfoil.domain.errors import BadText, OutOfRange

LIMIT_MAX = 1_000
LIMIT_DEFAULT = 100


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    AfterProductCode: str | None = None
    """Only what comes behind this product: the last one of the page before."""
    AfterSubProductCode: str | None = None
    """And behind this sub-product of it; absent or empty: behind the product as such."""
    Limit: Int64 | None = None
    """Products and sub-products a page, 1 to 1,000, by default 100."""


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
    HasMore: bool
    """Whether there are more behind these."""


async def run(call: Call, request: Request) -> Response:
    limit = LIMIT_DEFAULT if request.Limit is None else request.Limit
    if not 1 <= limit <= LIMIT_MAX:
        raise OutOfRange("Limit")
    after = (
        values.text(request.AfterProductCode, "AfterProductCode"),
        values.text(request.AfterSubProductCode, "AfterSubProductCode"),
    )
    page = await call.book.products.page(after=after, size=limit + 1)
    products = [
        ProductInCatalogue(
            one.product_code, one.sub_product_code, one.name_en, one.name_zh, one.en_name
        )
        for one in page[:limit]
    ]
    return Response(products, len(page) > limit)


ACTION = Action(
    service="counterfoil",
    version="2026-11-21",
    name="DescribeProducts",
    roles=EVERYONE,
    request=Request,
    response=Response,
    run=run,
    errors={
        OutOfRange: PAGE_ERRORS[OutOfRange],
        BadText: WRITE_ERRORS[BadText],
        **PAGE_ERRORS,
    },
    example="--profile reseller Limit=10",
)
