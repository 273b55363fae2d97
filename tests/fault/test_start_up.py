"""A start does no more than it has to."""

from pathlib import Path

from tests.fault.conftest import Serve

SLOW_TO_IMPORT = ("alembic", "sqlalchemy")


def imported(errors: str) -> set[str]:
    """The packages that a server has imported, as `-X importtime` tells."""
    modules = {line.rpartition("|")[2].strip() for line in errors.splitlines() if "|" in line}
    return {module.partition(".")[0] for module in modules}


def test_a_current_or_empty_database_needs_no_migration_tool(serve: Serve, fresh: Path) -> None:
    first = serve(fresh, PYTHONPROFILEIMPORTTIME="1").wait_ready()
    assert first.end() == 0
    assert "asyncpg" in imported(first.errors())
    assert imported(first.errors()).isdisjoint(SLOW_TO_IMPORT)
    second = serve(fresh, PYTHONPROFILEIMPORTTIME="1").wait_ready()
    assert second.end() == 0
    assert "asyncpg" in imported(second.errors())
    assert imported(second.errors()).isdisjoint(SLOW_TO_IMPORT)
