"""What the tidy tests look at: the project's own files, as git knows them."""

import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "counterfoil"
SQL = SOURCE / "store" / "sql"
MIGRATIONS = SOURCE / "store" / "migrations" / "versions"


@cache
def project_files() -> tuple[Path, ...]:
    """Every file that is tracked, or would be if it were added."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    paths = (ROOT / name for name in listed.split("\0") if name)
    return tuple(sorted(path for path in paths if path.is_file()))


def files_of(*suffixes: str, under: Path = ROOT) -> Iterator[Path]:
    """The project's files below a folder that end so."""
    for path in project_files():
        if path.suffix in suffixes and path.is_relative_to(under):
            yield path


def shown(path: Path) -> str:
    """A path as a failing test shows it."""
    return path.relative_to(ROOT).as_posix()
