"""A voucher to be ended early, as both actions that do so take it, and what they answer."""

import msgspec

from counterfoil.actions import values
from counterfoil.actions.declaration import Int64
from counterfoil.actions.writes import CustomerWrite
from counterfoil.ledger.results import Moved


class VoucherToEnd(CustomerWrite, frozen=True, kw_only=True):
    """One voucher."""

    VoucherId: Int64
    """The voucher's number."""
    Reason: str | None = None
    """Why; kept with the voucher."""


class EndedVoucher(msgspec.Struct, frozen=True):
    """A voucher that was ended."""

    VoidedAmount: str
    """What was left of it, USD; what holds have set aside is not in it."""


def ended(moved: Moved) -> EndedVoucher:
    """An ended voucher as the wire shows it."""
    return EndedVoucher(values.usd(moved.amount_micro))
