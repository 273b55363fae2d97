"""Command line options made from the declarations in `settings`."""

from typing import Any

import typer

from counterfoil.settings import declaration, variable


def option(name: str) -> Any:
    """The option of one setting: `--data`, also read from `COUNTERFOIL_DATA`."""
    declared = declaration(name)
    word = name.replace("_", "-")
    written = f"--{word}"
    if declared.type is bool:  # with its opposite, so that the command line can win
        opposite = word.removeprefix("no-") if word.startswith("no-") else f"no-{word}"
        written = f"--{word}/--{opposite}"
    return typer.Option(written, envvar=variable(name), help=declared.metadata["meaning"])
