"""SQL by name: `sql/<name>.sql` holds one statement, opening with a comment on what it finds and
which index serves it."""

from functools import cache
from importlib.resources import files


@cache
def statement(name: str) -> str:
    """The text of `sql/<name>.sql`."""
    return files(__package__).joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")
