"""The installed command. A fault that its user can mend is one line and exit code 2."""

import sys

import typer

from counterfoil.cli.call import call
from counterfoil.cli.database import database
from counterfoil.cli.serve import serve
from counterfoil.domain.errors import CounterfoilError

app = typer.Typer(
    help="An open voucher ledger that answers Tencent Cloud's voucher APIs on the wire.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(serve)
app.command()(call)
app.command()(database)


def main() -> None:
    """Entry point of the installed command."""
    try:
        app()
    except CounterfoilError as error:
        print(f"counterfoil: {error}", file=sys.stderr)
        raise SystemExit(2) from None
