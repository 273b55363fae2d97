"""The commands there are."""

from importlib.metadata import version
from typing import Annotated

import typer

from counterfoil.cli.call import HELP, call
from counterfoil.cli.database import database
from counterfoil.cli.init import init
from counterfoil.cli.keys import app as keys
from counterfoil.cli.serve import serve

app = typer.Typer(
    help="An open voucher ledger that answers Tencent Cloud's voucher APIs on the wire.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(serve)
app.command()(init)
app.command(help=HELP)(call)
app.command()(database)
app.add_typer(keys, name="keys")


def _print_version(is_asked: bool) -> None:
    if is_asked:
        print("counterfoil", version("counterfoil"))
        raise typer.Exit


@app.callback()
def before_any(
    _: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """Options of the command itself."""
