"""Who may do what to whom, as the partner tree stands while the write is decided."""

from counterfoil.domain.account import AccountKind, Caller
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
