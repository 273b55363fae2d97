"""Who is in the partner tree: the kinds of account and what the words mean."""

from dataclasses import dataclass
from enum import StrEnum


class AccountKind(StrEnum):
    """Platform at the root; under it distributors and resellers; second-level resellers under
    distributors; customers under any partner."""

    PLATFORM = "platform"
    DISTRIBUTOR = "distributor"
    RESELLER = "reseller"
    SUB_RESELLER = "sub_reseller"
    CUSTOMER = "customer"


PARTNERS = frozenset({AccountKind.DISTRIBUTOR, AccountKind.RESELLER, AccountKind.SUB_RESELLER})
EVERYONE = frozenset(AccountKind)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who signed a request: `main_uin` is the account, `uin` the identity in it (the account
    itself or one of its sub-users)."""

    main_uin: int
    uin: int
    kind: AccountKind
