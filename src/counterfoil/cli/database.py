"""`counterfoil database`: where the embedded PostgreSQL is reached."""

from pathlib import Path
from typing import Annotated

from counterfoil.cli.options import option
from counterfoil.settings import Settings


def database(data: Annotated[Path, option("data")] = Settings().data) -> None:
    """Print the DSN of the embedded server of a data folder.

    Example: psql "$(counterfoil database --data ./data)"
    """
    from counterfoil.store.embedded import dsn

    print(dsn(data.absolute()))
