"""Command line options made from the declarations in `settings`."""

from typing import Any

import typer

from counterfoil.settings import declaration, variable


def option(name: str) -> Any:
    """The option of one setting: `--data`, also read from `COUNTERFOIL_DATA`."""
    return typer.Option(
        f"--{name.replace('_', '-')}",
        envvar=variable(name),
        help=declaration(name).metadata["meaning"],
    )
