"""Where the other programs are installed."""

from pathlib import Path

from bench.load import MissingTool

BIN = Path(__file__).resolve().parents[2] / ".venv" / "peers" / "bin"


def program(name: str) -> Path:
    """One of the programs installed there.

    Raises:
        MissingTool: it is not there.
    """
    path = BIN / name
    if not path.exists():
        raise MissingTool("the programs to compare with are missing: make bench installs them")
    return path
