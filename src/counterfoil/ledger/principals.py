"""Who else acts for an account: sub-users with keys of their own, roles that are assumed for a
while, and the policies that say what they may do. All of it is the account's own affair."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from counterfoil.access.permissions import statements_of
from counterfoil.access.policy import Statement
from counterfoil.domain.account import Caller
from counterfoil.domain.errors import Full, NameTaken, NotFound
from counterfoil.ledger import results
from counterfoil.ledger.accounts import free_uin
from counterfoil.ledger.command import Origin
from counterfoil.store import principals as stored
from counterfoil.store.bulk import take_ids
from counterfoil.store.database import Connection, Database
from counterfoil.store.journal import lock_accounts

# What an identity may do is read whole, up to once a second.
ATTACHED_MAX = 20


@dataclass(frozen=True, slots=True)
class AddSubUser:
    """Adds a sub-user to the account `owner_uin`."""

    origin: Origin
    owner_uin: int
    name: str

    async def apply(self, connection: Connection, now: datetime) -> results.NumberMade:
        uin = await free_uin(connection)
        if not await stored.insert_sub_user(connection, uin, self.owner_uin, self.name, now):
            raise NameTaken
        return results.NumberMade(uin)


@dataclass(frozen=True, slots=True)
class AddRole:
    """Adds a role to the account `owner_uin`; `trust` is the document that says who may assume it,
    for at most `session_max_s` at a time."""

    origin: Origin
    owner_uin: int
    name: str
    description: str
    trust: str
    session_max_s: int

    async def apply(self, connection: Connection, now: datetime) -> results.NumberMade:
        role_id = await free_uin(connection)
        texts = (self.name, self.description, self.trust)
        if not await stored.insert_role(
            connection, role_id, self.owner_uin, texts, self.session_max_s, now
        ):
            raise NameTaken
        return results.NumberMade(role_id)


@dataclass(frozen=True, slots=True)
class AddPolicy:
    """Adds a policy to the account `owner_uin`."""

    origin: Origin
    owner_uin: int
    name: str
    description: str
    document: str

    async def apply(self, connection: Connection, now: datetime) -> results.NumberMade:
        policy_id = await take_ids(connection, "policy", 1)
        texts = (self.name, self.description, self.document)
        if not await stored.insert_policy(connection, policy_id, self.owner_uin, texts, now):
            raise NameTaken
        return results.NumberMade(policy_id)


@dataclass(frozen=True, slots=True)
class Attach:
    """Attaches a policy to a sub-user or role of the same account, `owner_uin`."""

    origin: Origin
    owner_uin: int
    policy_id: int
    principal_id: int

    async def apply(self, connection: Connection, now: datetime) -> results.Done:
        await lock_accounts(connection, [self.owner_uin])  # or two could pass the limit together
        kind, count = await _attachable(connection, self)
        if count >= ATTACHED_MAX:
            raise Full
        await stored.attach(connection, self.policy_id, kind, self.principal_id, now)
        return results.Done()


@dataclass(frozen=True, slots=True)
class Detach:
    """Takes a policy off a sub-user or role of the same account, `owner_uin`."""

    origin: Origin
    owner_uin: int
    policy_id: int
    principal_id: int

    async def apply(self, connection: Connection, _: datetime) -> results.Done:
        kind, _count = await _attachable(connection, self)
        if not await stored.detach(connection, self.policy_id, kind, self.principal_id):
            raise NotFound
        return results.Done()


class PolicyQueries:
    """The questions about the policies of one server."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self, caller: Caller, *, after_id: int, size: int
    ) -> Sequence[stored.ShownPolicy]:
        """The next policies of the caller's account, by ascending id.

        Raises:
            Unavailable: the database can't be reached just now.
        """
        return await stored.policy_page(self._database, caller.main_uin, after_id, size)

    async def attached_to(self, caller: Caller, principal_id: int) -> list[Statement]:
        """What the policies say that are attached to a sub-user or role of the caller's account.

        Raises:
            NotFound: the account has no such sub-user or role.
            Unavailable: the database can't be reached just now.
        """
        policies = await stored.policies_of_principal(self._database, caller.main_uin, principal_id)
        if policies is None:
            raise NotFound
        return statements_of(policies)


async def _attachable(connection: Connection, change: Attach | Detach) -> tuple[str, int]:
    """Which kind of principal is meant, and how many policies it has.

    Raises:
        NotFound: the account doesn't have that policy, or that sub-user or role.
    """
    found = await stored.find_attachable(
        connection, change.owner_uin, change.policy_id, change.principal_id
    )
    if not found.has_policy or found.principal_kind is None:
        raise NotFound
    return found.principal_kind, found.attached_count
