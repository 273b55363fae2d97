"""Keys as they are stored: sealed, each naming the master key that opens it."""

from datetime import datetime
from pathlib import Path

from counterfoil.access.sealing import MasterKey, load_master_key
from counterfoil.domain.errors import Unusable
from counterfoil.store.database import Connection, Database
from counterfoil.store.identities import insert_credential, sealing_key_ids


async def open_master_key(database: Database, path: Path) -> MasterKey:
    """The master key of this database; a new one where nothing is sealed yet.

    Raises:
        Unusable: secrets are sealed and their key is missing, or `path` holds another one.
    """
    sealed_under = await sealing_key_ids(database)
    master_key = load_master_key(path, may_create=not sealed_under)
    if sealed_under - {master_key.key_id}:
        raise Unusable(
            f"the secrets in this database are sealed under another master key than {path} holds: "
            "put their key back, or name its file with --master-key-file"
        )
    return master_key


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
    sample's when the account is."""
    await insert_credential(
        connection,
        secret_id=secret_id,
        main_uin=main_uin,
        sub_uin=sub_uin,
        sealed_secret=master_key.seal(secret_id, secret_key),
        key_id=master_key.key_id,
        at=at,
    )
