"""Counterfoil: an open voucher ledger that answers Tencent Cloud's voucher APIs on the wire."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from counterfoil.ledger.api import Ledger

__all__ = ["Ledger"]


def __getattr__(name: str) -> Any:
    """`Ledger` is imported when it is first asked for: the command line starts faster without."""
    if name == "Ledger":
        from counterfoil.ledger.api import Ledger

        return Ledger
    raise AttributeError(name)
