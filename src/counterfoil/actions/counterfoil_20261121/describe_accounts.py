"""DescribeAccounts: the accounts of the caller's own tree, itself included, by number.

The platform sees all. A page begins where the one before ended, so that every page costs the same
and none shows an account twice.
"""

import msgspec

from counterfoil.actions.cursors import cursor, place
from counterfoil.actions.declaration import Action, Call, Int64
from counterfoil.actions.errors import read_errors
from counterfoil.domain.account import ABOVE_CUSTOMERS, AccountKind
from counterfoil.domain.errors import BadCursor, OutOfRange
from counterfoil.domain.instants import shown
from counterfoil.store.accounts import ShownAccount

LIMIT_MAX = 1_000
LIMIT_DEFAULT = 100

# Below any account's number.
_FIRST_PAGE = (0,)


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    Limit: Int64 | None = None
    """Accounts a page, 1 to 1,000, by default 100."""
    Cursor: str | None = None
    """Where the page begins: the Cursor of the answer before; absent or empty for the first."""


class Policies(msgspec.Struct, frozen=True):
    """What a partner has set for the vouchers it issues, and for its customers."""

    ReturnOnRefund: bool
    """Whether a refund gives value back to the voucher."""
    ReturnOnExpiry: bool
    """Whether the quota of what is left returns when a voucher expires."""
    ReturnOnWithdrawal: bool
    """Whether the quota of what is left returns when a voucher is ended early."""
    BurnPolicy: str
    """intl or cn."""


class AccountInTree(msgspec.Struct, frozen=True):
    """One account."""

    Uin: Int64
    """Its number."""
    Kind: str
    """platform, distributor, reseller, sub_reseller or customer."""
    ParentUin: Int64 | None
    """The account directly above it; null for the platform."""
    Name: str
    """Its name."""
    CreatedTime: str
    """When it was made (UTC+8)."""
    BoundTime: str
    """Since when it stands where it does (UTC+8)."""
    Policies: Policies | None
    """A partner's policies; null for a customer."""


class Response(msgspec.Struct, frozen=True):
    Accounts: list[AccountInTree]
    """The page's accounts, by ascending number."""
    Cursor: str
    """Where the next page begins; empty on the last one."""


async def run(call: Call, request: Request) -> Response:
    limit = LIMIT_DEFAULT if request.Limit is None else request.Limit
    if not 1 <= limit <= LIMIT_MAX:
        raise OutOfRange("Limit")
    (after_uin,) = place(request.Cursor, 1) or _FIRST_PAGE
    page = await call.book.accounts.page(call.caller, after_uin=after_uin, size=limit + 1)
    following = cursor(page[limit - 1].uin) if len(page) > limit else ""
    return Response([_in_tree(account) for account in page[:limit]], following)


def _in_tree(account: ShownAccount) -> AccountInTree:
    has_policies = account.kind is not AccountKind.CUSTOMER
    return AccountInTree(
        account.uin,
        account.kind.value,
        account.parent_uin,
        account.name,
        shown(account.created_at),
        shown(account.bound_at),
        _policies(account) if has_policies else None,
    )


def _policies(account: ShownAccount) -> Policies:
    return Policies(
        account.returns_on_refund,
        account.returns_on_expiry,
        account.returns_on_withdrawal,
        account.burn_policy.value,
    )


ACTION = Action(
    service="counterfoil",
    version="2026-11-21",
    name="DescribeAccounts",
    roles=ABOVE_CUSTOMERS,
    request=Request,
    response=Response,
    run=run,
    errors=read_errors(OutOfRange, BadCursor),
    example="--profile reseller Limit=10",
)
