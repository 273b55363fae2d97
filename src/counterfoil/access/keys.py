"""Keys as they are stored: sealed, each naming the master key that opens it."""

import contextlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from counterfoil.access.sealing import MasterKey, load_master_key
from counterfoil.access.vault import Vault, find_key, successor
from counterfoil.domain.errors import Conflict, Unusable
from counterfoil.store import identities
from counterfoil.store.database import Connection, Database

_BATCH = 1_000


async def open_vault(database: Database, path: Path) -> Vault:
    """The master key of this database; a new one where nothing is sealed yet.

    Raises:
        Unusable: secrets are sealed and their key is missing, or `path` holds another one.
    """
    sealed_under = await identities.sealing_key_ids(database)
    if len(sealed_under) == 1:
        _finish_rotation(path, *sealed_under)
    master_key = load_master_key(path, may_create=not sealed_under)
    if sealed_under - {master_key.key_id}:
        raise Unusable(
            f"the secrets in this database are sealed under another master key than {path} holds: "
            "put their key back, or name its file with --master-key-file"
        )
    return Vault(path, master_key)


async def store_key(
    connection: Connection,
    master_key: MasterKey,
    *,
    main_uin: int,
    secret_id: str,
    secret_key: str,
    at: datetime,
    sub_uin: int | None = None,
) -> None:
    """Seals and stores a key of an account, or of the sub-user `sub_uin` of it; it is marked as a
    sample's when the account is.

    Raises:
        Conflict: secrets are sealed under another master key by now.
    """
    is_stored = await identities.insert_credential(
        connection,
        secret_id=secret_id,
        main_uin=main_uin,
        sub_uin=sub_uin,
        sealed_secret=master_key.seal(secret_id, secret_key),
        key_id=master_key.key_id,
        at=at,
    )
    if not is_stored:
        raise Conflict


async def rotate(database: Database, path: Path, tell: Callable[[int, int], None]) -> None:
    """Puts a new master key in the place of the one in `path`, and seals every secret anew under
    it, all in one transaction; `tell` hears how many of how many are done.

    The new key waits in a file beside the old one, which stays until the database has changed over.
    Cut short at any point, the database goes with one of the two, which a server finds; done again,
    the rotation goes on with the key that waits.

    Raises:
        Unusable: as for `open_vault`.
        Unavailable: the database can't be reached just now.
    """
    old = (await open_vault(database, path)).current
    new = load_master_key(successor(path), may_create=True)
    async with database.transaction() as connection:
        await identities.lock_credentials(connection)
        sealed = await identities.sealed_secrets(connection)
        for first in range(0, len(sealed), _BATCH):
            batch = [
                (secret_id, new.seal(secret_id, old.unseal(secret_id, secret)))
                for secret_id, secret in sealed[first : first + _BATCH]
            ]
            await identities.reseal(connection, batch, new.key_id)
            tell(first + len(batch), len(sealed))
    try:
        successor(path).replace(path)
    except OSError as error:
        raise Unusable(
            f"all secrets are sealed under the key in {successor(path)}, which can't be put in the "
            f"place of {path} ({error.strerror}): move it there"
        ) from None


def _finish_rotation(path: Path, key_id: str) -> None:
    """Puts a new key in its place where a rotation was cut short after the database had changed
    over."""
    waiting = successor(path)
    with contextlib.suppress(Unusable, OSError):
        if waiting.exists() and find_key(waiting, key_id) and not _holds(path, key_id):
            waiting.replace(path)


def _holds(path: Path, key_id: str) -> bool:
    try:
        return load_master_key(path, may_create=False).key_id == key_id
    except Unusable:
        return False
