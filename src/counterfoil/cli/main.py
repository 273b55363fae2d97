"""The installed command. A fault that its user can mend is one line and exit code 2."""

import os
import signal
import sys


def main() -> None:
    """Entry point of the installed command."""
    if sys.argv[1:2] == ["serve"]:
        # From the first moment, before anything slow is imported: being stopped is no failure.
        # Nothing needs cleaning up yet, and an exception could get lost in what is being imported.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: os._exit(0))
    from counterfoil.cli.commands import app
    from counterfoil.domain.errors import CounterfoilError

    try:
        app()
    except CounterfoilError as error:
        print("counterfoil:", " ".join(str(error).split()), file=sys.stderr)
        raise SystemExit(2) from None
