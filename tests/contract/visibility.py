"""The rule of who sees whose voucher, stated once more and apart from the code.

A distributor, reseller or second-level reseller sees a voucher when its owner is a customer in the
caller's tree, and when the caller, or a partner below it, issued it.
"""

from collections.abc import Mapping

PARTNERS = frozenset({"distributor", "reseller", "sub_reseller"})


def is_below(name: str, ancestor: str, parents: Mapping[str, str]) -> bool:
    """Whether an account is in the tree of another; an account is not below itself."""
    parent = parents.get(name)
    return parent is not None and (parent == ancestor or is_below(parent, ancestor, parents))


def is_seen(caller: str, owner: str, issuer: str, parents: Mapping[str, str]) -> bool:
    """Whether the partner `caller` sees a voucher of `owner` that `issuer` issued."""
    is_issued_below = issuer == caller or is_below(issuer, caller, parents)
    return is_below(owner, caller, parents) and is_issued_below
