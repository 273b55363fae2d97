"""`counterfoil keys`: the master key, under which secrets are sealed."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from counterfoil.cli.options import option
from counterfoil.settings import Settings

DEFAULT = Settings()

app = typer.Typer(help="The master key, under which secrets are sealed.", no_args_is_help=True)


@app.callback()
def before_any() -> None:
    """Keeps `rotate` a word of its own while it is the only one."""


@app.command()
def rotate(
    data: Annotated[Path, option("data")] = DEFAULT.data,
    database: Annotated[str | None, option("database")] = DEFAULT.database,
    master_key_file: Annotated[Path | None, option("master_key_file")] = DEFAULT.master_key_file,
) -> None:
    """Make a new master key and seal every secret anew under it.

    Servers may run meanwhile; those with the key's file at hand go on by themselves. The old key
    stays until all is done, and is gone then. Cut short, it can be done again.

    Example: counterfoil keys rotate --data ./data
    """
    from counterfoil.store import embedded

    settings = Settings(data=data.absolute(), database=database, master_key_file=master_key_file)
    if database is not None:
        asyncio.run(_rotate(settings, database))
        return
    server = embedded.start(settings.data)
    try:
        asyncio.run(_rotate(settings, embedded.dsn(settings.data)))
    finally:
        server.stop()


async def _rotate(settings: Settings, dsn: str) -> None:
    from counterfoil.access import keys
    from counterfoil.store.database import Database
    from counterfoil.store.migrate import starting

    async with starting(dsn):
        opened = await Database.open(dsn)
        try:
            await keys.rotate(opened, settings.master_key_path(), _tell)
        finally:
            await opened.close()
    print(f"the new master key is in {settings.master_key_path()}: back it up")


def _tell(done: int, total: int) -> None:
    print(f"sealed {done:,} of {total:,} secrets anew", flush=True)
