"""Who is in the partner tree: the kinds of account and what the words mean."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from counterfoil.domain.burndown import Policy


class AccountKind(StrEnum):
    """Platform at the root; under it distributors and resellers; second-level resellers under
    distributors; customers under any partner."""

    PLATFORM = "platform"
    DISTRIBUTOR = "distributor"
    RESELLER = "reseller"
    SUB_RESELLER = "sub_reseller"
    CUSTOMER = "customer"


PARTNERS = frozenset({AccountKind.DISTRIBUTOR, AccountKind.RESELLER, AccountKind.SUB_RESELLER})
CUSTOMERS = frozenset({AccountKind.CUSTOMER})
ABOVE_CUSTOMERS = PARTNERS | {AccountKind.PLATFORM}
EVERYONE = frozenset(AccountKind)

# Directly below which kinds an account may stand.
PLACES = {
    AccountKind.PLATFORM: frozenset[AccountKind](),
    AccountKind.DISTRIBUTOR: frozenset({AccountKind.PLATFORM}),
    AccountKind.RESELLER: frozenset({AccountKind.PLATFORM}),
    AccountKind.SUB_RESELLER: frozenset({AccountKind.DISTRIBUTOR}),
    AccountKind.CUSTOMER: ABOVE_CUSTOMERS,
}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who signed a request: `main_uin` is the account, `uin` the identity in it (the account
    itself, a sub-user or a role of it), `session` the name of a role's session."""

    main_uin: int
    uin: int
    kind: AccountKind
    session: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """An account and, for a partner, the policies of what it issues and of its customers."""

    uin: int
    kind: AccountKind
    parent_uin: int | None
    burn_policy: Policy
    returns_on_refund: bool
    returns_on_expiry: bool
    returns_on_withdrawal: bool


def above(accounts: Mapping[int, Account], uin: int) -> list[int]:
    """The accounts above another, the nearest first, as far as they are at hand."""
    line = []
    account = accounts.get(uin)
    while account is not None and account.parent_uin is not None:
        line.append(account.parent_uin)
        account = accounts.get(account.parent_uin)
    return line
