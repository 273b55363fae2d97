"""The partner tree: who is in it, with which policies. (Moving a customer is in `moving`.)"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from counterfoil.domain.account import PLACES, Account, AccountKind, Caller, above
from counterfoil.domain.burndown import Policy
from counterfoil.domain.errors import Misplaced, NotFound, Taken
from counterfoil.ledger import results
from counterfoil.ledger.command import Origin
from counterfoil.store import accounts as stored
from counterfoil.store.bulk import take_ids
from counterfoil.store.database import Connection, Database
from counterfoil.store.identities import main_account
from counterfoil.store.journal import read_accounts
from counterfoil.store.principals import is_number_taken

PLATFORM_NAME = "Platform"


@dataclass(frozen=True, slots=True)
class OpenAccount:
    """Adds an account below `owner_uin`: the caller, or an account below it. It has the number
    asked for, or the next one that is free."""

    origin: Origin
    owner_uin: int
    kind: AccountKind
    name: str
    uin: int | None = None

    async def apply(self, connection: Connection, now: datetime) -> results.AccountMade:
        parent = await _own(connection, self.origin.caller, self.owner_uin)
        if parent.kind not in PLACES[self.kind]:
            raise Misplaced
        if self.uin is not None:
            # Whoever takes a number of any kind of identity waits for us, from here to our commit.
            await take_ids(connection, "account", 0)
            if await is_number_taken(connection, self.uin):
                raise Taken
        uin = self.uin or await free_uin(connection)
        await stored.insert_account(
            connection, uin=uin, kind=self.kind, parent_uin=parent.uin, name=self.name, at=now
        )
        return results.AccountMade(uin)


@dataclass(frozen=True, slots=True)
class ChoosePolicies:
    """Sets a partner's policies for what it issues from now on; None leaves one as it is."""

    origin: Origin
    owner_uin: int
    returns_on_refund: bool | None = None
    returns_on_expiry: bool | None = None
    returns_on_withdrawal: bool | None = None
    burn_policy: Policy | None = None

    async def apply(self, connection: Connection, _: datetime) -> results.PoliciesSet:
        partner = await _own(connection, self.origin.caller, self.owner_uin)
        if partner.kind is AccountKind.CUSTOMER:
            raise NotFound
        now_set = await stored.set_policies(
            connection,
            partner.uin,
            self.returns_on_refund,
            self.returns_on_expiry,
            self.returns_on_withdrawal,
            self.burn_policy,
        )
        return results.PoliciesSet(*now_set)


class AccountQueries:
    """The questions about accounts of one server."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self, caller: Caller, *, after_uin: int, size: int
    ) -> Sequence[stored.ShownAccount]:
        """The next accounts of the caller's own tree, itself included, by ascending uin.

        Raises:
            Unavailable: the database can't be reached just now.
        """
        return await stored.account_page(self._database, caller, after_uin, size)


async def operator(connection: Connection, now: datetime) -> Caller:
    """The platform's own account, as it acts; an empty database is given one."""
    uin = await stored.platform_uin(connection) or await open_platform(connection, now)
    return Caller(uin, uin, AccountKind.PLATFORM)


async def caller_of(database: Database, uin: int) -> Caller:
    """An account, or a sub-user of one, as it acts.

    Raises:
        NotFound: there is neither with this number.
    """
    async with database.snapshot() as connection:
        main_uin = await main_account(connection, uin)
        if main_uin is None:
            raise NotFound
        account = (await read_accounts(connection, [main_uin]))[main_uin]
    return Caller(main_uin, uin, account.kind)


async def open_platform(connection: Connection, now: datetime) -> int:
    """Gives an empty database its platform account."""
    uin = await free_uin(connection)
    await stored.insert_account(
        connection,
        uin=uin,
        kind=AccountKind.PLATFORM,
        parent_uin=None,
        name=PLATFORM_NAME,
        at=now,
    )
    return uin


async def free_uin(connection: Connection) -> int:
    """The next number that no account, sub-user or role has."""
    uin = await take_ids(connection, "account", 1)
    while await is_number_taken(connection, uin):
        uin = await take_ids(connection, "account", 1)
    return uin


async def _own(connection: Connection, caller: Caller, uin: int) -> Account:
    """The caller's account or one below it.

    Raises:
        NotFound: no such account, or one outside of the caller's tree.
    """
    accounts: Mapping[int, Account] = await read_accounts(connection, [uin])
    account = accounts.get(uin)
    if account is None or caller.main_uin not in (uin, *above(accounts, uin)):
        raise NotFound
    return account
