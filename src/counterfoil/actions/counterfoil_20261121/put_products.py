"""PutProducts: the platform fills its catalogue, or gives what is in it other names.

Charges and holds are for products and sub-products of the catalogue, and vouchers may be limited to
its products; usage shows their names as they are now. Nothing is ever taken out. All the products
of a call are written, or none.
"""

import msgspec

from counterfoil.actions import values
from counterfoil.actions.declaration import Action, Call, Int64, RequiredText
from counterfoil.actions.errors import write_errors
from counterfoil.actions.items import ITEMS_MAX, origin
from counterfoil.actions.writes import Write
from counterfoil.domain.account import AccountKind
from counterfoil.domain.errors import BadText, OutOfRange
from counterfoil.ledger.catalogue import NameProducts
from counterfoil.store.catalogue import NamedProduct


class ProductToPut(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True
):
    """A product, or one of its sub-products."""

    ProductCode: RequiredText
    """The product's code."""
    SubProductCode: str | None = None
    """The sub-product's code; absent or empty: the product as such."""
    Name: RequiredText
    """What it is called in English."""
    NameZh: RequiredText
    """What it is called in Chinese."""
    EnName: RequiredText
    """What usage shows as its "En name", whatever the language."""


class Request(Write, frozen=True, kw_only=True):
    Products: list[ProductToPut]
    """The products and sub-products, 1 to 1,000; of two with the same codes the last counts."""


class Response(msgspec.Struct, frozen=True):
    ProductCount: Int64
    """How many the call named."""


async def run(call: Call, request: Request) -> Response:
    if not 1 <= len(request.Products) <= ITEMS_MAX:
        raise OutOfRange("Products")
    products = tuple(_named(product, n) for n, product in enumerate(request.Products))
    came_from = origin(call, ACTION.name, request.ClientToken, request)
    await call.book.set_up.run(NameProducts(came_from, call.caller.main_uin, products))
    return Response(len(products))


def _named(product: ProductToPut, n: int) -> NamedProduct:
    place = f"Products.{n}"
    return NamedProduct(
        values.text(product.ProductCode, f"{place}.ProductCode"),
        values.text(product.SubProductCode, f"{place}.SubProductCode"),
        values.text(product.Name, f"{place}.Name"),
        values.text(product.NameZh, f"{place}.NameZh"),
        values.text(product.EnName, f"{place}.EnName"),
    )


ACTION = Action(
    service="counterfoil",
    version="2026-11-21",
    name="PutProducts",
    is_write=True,
    roles=frozenset({AccountKind.PLATFORM}),
    request=Request,
    response=Response,
    run=run,
    errors=write_errors(OutOfRange, BadText),
    example="--profile operator ClientToken=readme-products-1 Products.0.ProductCode=p_cdb "
    "Products.0.Name=TencentDB Products.0.NameZh=云数据库 Products.0.EnName=TencentDB",
)
