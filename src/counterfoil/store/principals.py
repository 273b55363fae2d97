"""Who else acts for an account, and under which policies: sub-users, roles, what is attached."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from counterfoil.store.database import Connection, Database
from counterfoil.store.statements import statement


@dataclass(frozen=True, slots=True)
class StoredPolicy:
    """A policy and the text of its document."""

    policy_id: int
    document: str


@dataclass(frozen=True, slots=True)
class ShownPolicy:
    """A policy as a list shows it, and to which sub-users and roles it is attached."""

    policy_id: int
    name: str
    description: str
    document: str
    created_at: datetime
    principal_ids: Sequence[int]


@dataclass(frozen=True, slots=True)
class StoredRole:
    """A role and its account; `trust` is the text that says who may assume it."""

    role_id: int
    trust: str
    session_max_s: int
    kind: str
    is_sample: bool


@dataclass(frozen=True, slots=True)
class Attachable:
    """What an account has of a policy and a principal that are to be put together."""

    has_policy: bool
    principal_kind: str | None
    attached_count: int


async def insert_sub_user(
    connection: Connection, uin: int, main_uin: int, name: str, at: datetime
) -> bool:
    """Adds a sub-user to an account; False where it has one of that name."""
    added = await connection.fetchval(statement("insert_sub_user"), uin, main_uin, name, at)
    return added is not None


async def insert_role(
    connection: Connection,
    role_id: int,
    main_uin: int,
    texts: tuple[str, str, str],
    session_max_s: int,
    at: datetime,
) -> bool:
    """Adds a role to an account; `texts` are its name, its description and the document that says
    who may assume it. False where the account has one of that name."""
    added = await connection.fetchval(
        statement("insert_role"), role_id, main_uin, *texts, session_max_s, at
    )
    return added is not None


async def insert_policy(
    connection: Connection,
    policy_id: int,
    main_uin: int,
    texts: tuple[str, str, str],
    at: datetime,
) -> bool:
    """Adds a policy to an account; `texts` are its name, description and document. False where the
    account has one of that name."""
    added = await connection.fetchval(statement("insert_policy"), policy_id, main_uin, *texts, at)
    return added is not None


async def find_attachable(
    connection: Connection, main_uin: int, policy_id: int, principal_id: int
) -> Attachable:
    """What an account has of a policy and a principal."""
    row = await connection.fetchrow(statement("attachable"), main_uin, policy_id, principal_id)
    return Attachable(*row)


async def attach(
    connection: Connection, policy_id: int, kind: str, principal_id: int, at: datetime
) -> None:
    """Attaches a policy, where it is not attached already."""
    await connection.execute(statement("insert_attachment"), policy_id, kind, principal_id, at)


async def detach(connection: Connection, policy_id: int, kind: str, principal_id: int) -> bool:
    """Takes a policy off; False where it was not attached."""
    taken = await connection.fetchval(statement("delete_attachment"), policy_id, kind, principal_id)
    return taken is not None


async def attached_policies(
    database: Database, principal_ids: Sequence[int]
) -> Sequence[Sequence[StoredPolicy]]:
    """The policies attached to each sub-user or role."""
    found = defaultdict(list)
    rows = await database.fetch(statement("attached_policies"), list(set(principal_ids)))
    for principal_id, policy_id, document in rows:
        found[principal_id].append(StoredPolicy(policy_id, document))
    return [found[principal_id] for principal_id in principal_ids]


async def policies_of_principal(
    database: Database, main_uin: int, principal_id: int
) -> Sequence[StoredPolicy] | None:
    """The policies attached to a sub-user or role of an account; None where it has no such one."""
    rows = await database.fetch(statement("simulate_policy"), main_uin, principal_id)
    if not rows:
        return None
    return [
        StoredPolicy(policy_id, document) for policy_id, document in rows if policy_id is not None
    ]


async def find_role(database: Database, main_uin: int, named: int | str) -> StoredRole | None:
    """The role of an account with a number or a name."""
    number, name = (named, None) if isinstance(named, int) else (None, named)
    rows = await database.fetch(statement("assume_role"), main_uin, number, name)
    return StoredRole(*rows[0]) if rows else None


async def policy_page(
    database: Database, main_uin: int, after_id: int, size: int
) -> Sequence[ShownPolicy]:
    """The next policies of an account, by id."""
    rows = await database.fetch(statement("describe_policies"), main_uin, after_id, size)
    return [ShownPolicy(*row) for row in rows]


async def is_number_taken(connection: Connection, number: int) -> bool:
    """Whether an account, a sub-user or a role has a number."""
    return bool(await connection.fetchval(statement("taken_number"), number))
