"""Counterfoil: an open voucher ledger that answers Tencent Cloud's voucher APIs on the wire.

What a program that embeds the ledger needs is imported from here.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from counterfoil.domain import errors
    from counterfoil.domain.account import AccountKind, Caller
    from counterfoil.domain.burndown import Policy
    from counterfoil.domain.money import micro, usd
    from counterfoil.domain.postings import Line
    from counterfoil.domain.voucher import State, Terms
    from counterfoil.ledger.api import Ledger
    from counterfoil.ledger.charges import Purchase
    from counterfoil.ledger.issuing import VoucherFacts
    from counterfoil.store.catalogue import NamedProduct

__all__ = [
    "AccountKind",
    "Caller",
    "Ledger",
    "Line",
    "NamedProduct",
    "Policy",
    "Purchase",
    "State",
    "Terms",
    "VoucherFacts",
    "errors",
    "micro",
    "usd",
]

_HOMES = {
    "AccountKind": "domain.account",
    "Caller": "domain.account",
    "Ledger": "ledger.api",
    "Line": "domain.postings",
    "NamedProduct": "store.catalogue",
    "Policy": "domain.burndown",
    "Purchase": "ledger.charges",
    "State": "domain.voucher",
    "Terms": "domain.voucher",
    "VoucherFacts": "ledger.issuing",
    "micro": "domain.money",
    "usd": "domain.money",
}


def __getattr__(name: str) -> Any:
    """Names are imported when they are first asked for: the command line starts faster without."""
    if name == "errors":
        return import_module("counterfoil.domain.errors")
    if name in _HOMES:
        return getattr(import_module(f"counterfoil.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'counterfoil' has no attribute '{name}'")
