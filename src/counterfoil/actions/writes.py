"""What every single write of Counterfoil's own service says first."""

import msgspec

from counterfoil.actions import values
from counterfoil.actions.declaration import Int64


class Write(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True
):
    """A write that stands alone in its call."""

    ClientToken: values.ClientToken
    """Names this write, 1 to 64 characters: sent again, it has the same answer and no second
    effect."""


class CustomerWrite(Write, frozen=True, kw_only=True):
    """A write about a customer's vouchers."""

    CustomerUin: Int64
    """Whose vouchers it is about."""
