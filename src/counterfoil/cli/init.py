"""`counterfoil init`: gives an empty database its platform account and that account's first key."""

import asyncio
from pathlib import Path
from typing import Annotated

from counterfoil.cli.options import option
from counterfoil.settings import Settings

DEFAULT = Settings()


def init(
    data: Annotated[Path, option("data")] = DEFAULT.data,
    database: Annotated[str | None, option("database")] = DEFAULT.database,
    master_key_file: Annotated[Path | None, option("master_key_file")] = DEFAULT.master_key_file,
) -> None:
    """Give an empty database its platform account and first key, printed here and never again.

    Whoever holds the key is the operator, who makes all other accounts and keys.

    A database that holds accounts already stays as it is; exit code 2.

    Example: counterfoil init --data ./data
    """
    settings = Settings(data=data.absolute(), database=database, master_key_file=master_key_file)
    asyncio.run(_begin(settings))


async def _begin(settings: Settings) -> None:
    from counterfoil.access.keys import open_vault
    from counterfoil.clock import Clock
    from counterfoil.domain.errors import Unusable
    from counterfoil.ledger.keys import begin
    from counterfoil.store.database import Database
    from counterfoil.store.identities import has_accounts
    from counterfoil.store.migrate import starting
    from counterfoil.store.reaching import reachable

    async with reachable(settings.database, settings.data) as dsn, starting(dsn):
        opened = await Database.open(dsn)
        try:
            if any(await has_accounts(opened)):
                raise Unusable(
                    "this database holds accounts already, so it gets no first key: choose another "
                    "--data or --database, or have its platform account make a key"
                )
            vault = await open_vault(opened, settings.master_key_path())
            async with opened.transaction() as connection:
                uin, key = await begin(connection, vault.current, Clock().ledger())
                # Shown ahead of the commit: no account may be left with a key that nobody saw.
                print(
                    f"Uin: {uin}\nSecretId: {key.secret_id}\nSecretKey: {key.secret_key}",
                    flush=True,
                )
        finally:
            await opened.close()
