"""Who may do what to whom, as the partner tree stands while the write is decided; and who may see
whose books."""

from collections.abc import Collection, Mapping

from counterfoil.domain.account import CUSTOMERS, Account, AccountKind, Caller, above
from counterfoil.domain.errors import NotFound
from counterfoil.ledger.desk import Desk


def require_above(desk: Desk, caller: Caller, customer_uin: int) -> None:
    """Only an account above a customer may move its vouchers.

    Raises:
        NotFound: no such customer, or not in the caller's tree: one answer for both.
    """
    account = desk.accounts.get(customer_uin)
    if account is None or account.kind is not AccountKind.CUSTOMER:
        raise NotFound
    if not desk.is_above(caller.main_uin, customer_uin):
        raise NotFound


def is_or_is_above(desk: Desk, uin: int, other_uin: int) -> bool:
    """Whether an account is another, or stands above it."""
    return uin == other_uin or desk.is_above(uin, other_uin)


def require_visible(
    accounts: Mapping[int, Account],
    caller: Caller,
    uin: int,
    kinds: Collection[AccountKind] = CUSTOMERS,
) -> None:
    """An account's books are seen by itself and by those above it.

    Raises:
        NotFound: no such account of these kinds, or one that the caller may not see: one answer
            for both.
    """
    account = accounts.get(uin)
    if account is None or account.kind not in kinds:
        raise NotFound
    if caller.main_uin not in (uin, *above(accounts, uin)):
        raise NotFound
