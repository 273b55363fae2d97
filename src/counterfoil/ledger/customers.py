"""What a partner's customers hold, customer by customer, and what the partner itself may issue.

All is worked out as of now, and what time has made due shows as if it were posted.
"""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from counterfoil.clock import Clock
from counterfoil.domain.account import Caller
from counterfoil.domain.errors import NotFound
from counterfoil.store import customers as stored
from counterfoil.store.customers import CustomerAmounts, CustomerList, PartnerQuota
from counterfoil.store.database import Database

_UIN_MAX = 2**63 - 1

Found = TypeVar("Found")


class CustomerQueries:
    """The questions about customers of one server."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def lists(
        self, caller: Caller, customer_uins: Sequence[int], status: str | None
    ) -> list[CustomerList]:
        """All vouchers of customers in the caller's tree that it, or a partner below it, has
        issued; each customer once, in the order asked.

        Raises:
            NotFound: one of them is not in the caller's tree, or there is no such customer.
            Unavailable: the database can't be reached just now.
        """
        asked = _each_once(customer_uins)
        found = await stored.customer_lists(
            self._database, caller.main_uin, asked, self._clock.ledger(), status
        )
        return _all_of(found, asked)

    async def amounts(self, caller: Caller, customer_uins: Sequence[int]) -> list[CustomerAmounts]:
        """The sums of customers in the caller's tree over what it, or a partner below it, has
        issued; each customer once, in the order asked.

        Raises:
            NotFound: one of them is not in the caller's tree, or there is no such customer.
            Unavailable: the database can't be reached just now.
        """
        asked = _each_once(customer_uins)
        found = await stored.customer_amounts(
            self._database, caller.main_uin, asked, self._clock.ledger()
        )
        return _all_of(found, asked)

    async def quota(self, caller: Caller) -> PartnerQuota:
        """The caller's own quota.

        Raises:
            Unavailable: the database can't be reached just now.
        """
        return await stored.partner_quota(self._database, caller.main_uin, self._clock.ledger())


def _each_once(uins: Sequence[int]) -> list[int]:
    if max(uins, default=0) > _UIN_MAX:
        raise NotFound  # no account has such a number, and the database can't be asked
    return list(dict.fromkeys(uins))


def _all_of(found: Mapping[int, Found], asked: Sequence[int]) -> list[Found]:
    if len(found) != len(asked):
        raise NotFound
    return [found[uin] for uin in asked]
