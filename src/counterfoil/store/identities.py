"""Accounts, their sub-users and their keys, as stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from counterfoil.store.database import Connection, Database
from counterfoil.store.statements import statement


@dataclass(frozen=True, slots=True)
class StoredCredential:
    """One key: whose it is (`main_uin` the account, `uin` the identity in it), still sealed."""

    main_uin: int
    uin: int
    kind: str
    sealed_secret: bytes
    key_id: str
    is_sample: bool
    is_disabled: bool


@dataclass(frozen=True, slots=True)
class ShownCredential:
    """A key as a list shows it."""

    secret_id: str
    uin: int
    created_at: datetime
    disabled_at: datetime | None
    last_used_at: datetime | None


async def credentials_by_id(
    database: Database, secret_ids: Sequence[str]
) -> Sequence[StoredCredential | None]:
    """The key of each SecretId; None where there is none."""
    rows = await database.fetch(statement("credentials"), list(set(secret_ids)))
    found = {secret_id: StoredCredential(*columns) for secret_id, *columns in rows}
    return [found.get(secret_id) for secret_id in secret_ids]


async def is_sub_user(database: Database, main_uin: int, uin: int) -> bool:
    """Whether `uin` is a sub-user of the account `main_uin`."""
    return bool(await database.fetch(statement("sub_user"), main_uin, uin))


async def has_accounts(database: Database) -> tuple[bool, bool]:
    """Whether there are sample accounts, and whether there are others."""
    (row,) = await database.fetch(statement("account_sorts"))
    return row["has_sample"], row["has_other"]


async def sealing_key_ids(database: Database | Connection) -> set[str]:
    """The ids of the master keys under which stored secrets are sealed."""
    return {row["key_id"] for row in await database.fetch(statement("sealing_keys"))}


async def insert_credential(
    connection: Connection,
    *,
    secret_id: str,
    main_uin: int,
    sub_uin: int | None,
    sealed_secret: bytes,
    key_id: str,
    at: datetime,
) -> bool:
    """Stores a key of an account, or of a sub-user of it; it is marked as a sample's when the
    account is. False where the keys there are name another master key."""
    stored = await connection.fetchval(
        statement("insert_credential"), secret_id, main_uin, sealed_secret, key_id, at, sub_uin
    )
    return stored is not None


async def lock_credentials(connection: Connection) -> None:
    """Keeps others from adding or changing keys until the transaction ends."""
    await connection.execute(statement("lock_credentials"))


async def sealed_secrets(connection: Connection) -> Sequence[tuple[str, bytes]]:
    """Every SecretId and its secret as it is sealed."""
    rows = await connection.fetch(statement("sealed_secrets"))
    return [(row["secret_id"], row["sealed_secret"]) for row in rows]


async def reseal(connection: Connection, secrets: Sequence[tuple[str, bytes]], key_id: str) -> None:
    """Puts secrets that were sealed under another master key in place of the old."""
    secret_ids, sealed = zip(*secrets, strict=True)
    await connection.execute(statement("reseal"), secret_ids, sealed, key_id)


async def note_uses(database: Database, uses: Sequence[tuple[str, datetime]]) -> None:
    """When these keys were last used, unless a later use is known."""
    await database.fetch(statement("note_uses"), *zip(*uses, strict=True))


async def credential_page(
    database: Database, main_uin: int, after_id: str, size: int
) -> Sequence[ShownCredential]:
    """The next keys of an account and its sub-users, by SecretId."""
    rows = await database.fetch(statement("describe_credentials"), main_uin, after_id, size)
    return [ShownCredential(*row) for row in rows]


async def main_account(connection: Connection, uin: int) -> int | None:
    """The account that `uin` is, or is a sub-user of."""
    main_uin: int | None = await connection.fetchval(statement("main_account"), uin)
    return main_uin


async def usable_keys(connection: Connection, main_uin: int) -> dict[str, int]:
    """The SecretIds of an account and its sub-users that are not disabled, and who signs with
    each: the account itself or a sub-user."""
    rows = await connection.fetch(statement("usable_keys"), main_uin)
    return {row["secret_id"]: row["uin"] for row in rows}


async def disable_credential(connection: Connection, secret_id: str, at: datetime) -> None:
    """Makes a key unusable for ever."""
    await connection.execute(statement("disable_key"), secret_id, at)
