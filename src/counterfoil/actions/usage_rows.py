"""A usage record as the partner API shows it, to partners and to owners."""

import msgspec

from counterfoil.actions.declaration import Int64


class UsageDetail(msgspec.Struct, frozen=True):
    """What a voucher paid of one charge, or what came back."""

    Id: Int64
    """Number of the usage record."""
    VoucherId: str
    """The voucher's number, as text."""
    DealName: str
    """Order number of a prepaid order, else empty."""
    BillId: str
    """Number of the bill or correction, else empty."""
    Amount: float
    """USD taken from the voucher; negative where value came back."""
    PayMode: str
    """Prepaid or Postpaid."""
    ProductCode: str
    """Product of the line with the largest share."""
    SubProductCode: str
    """Its sub-product."""
    ProductCodeName: str
    """The product's name, in the request's language."""
    SubProductCodeName: str
    """The sub-product's name, in the request's language."""
    PayTime: str
    """When it was paid (UTC+8)."""
    CompletionTime: str
    """When the order or settlement was completed (UTC+8)."""
    OwnerUin: Int64
    """Account that owns the resource."""
