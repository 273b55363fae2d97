"""`--database` serves from any PostgreSQL: the same schema, the same answers."""

from pathlib import Path

import pytest
from tests.databases import query
from tests.fault.asking import health, is_right
from tests.fault.conftest import Serve
from tests.fault.process import processes_of, refusal

pytestmark = pytest.mark.dsn


def test_both_actions_answer_and_the_data_stays(
    serve: Serve, tmp_path: Path, database: str
) -> None:
    first = serve(tmp_path, "--sample", "--database", database).wait_ready()
    assert health(first.address) == 200
    assert is_right(first.address)
    assert first.end() == 0
    second = serve(tmp_path, COUNTERFOIL_DATABASE=database, COUNTERFOIL_SAMPLE="1").wait_ready()
    assert is_right(second.address)
    assert second.end() == 0
    assert (first.errors(), second.errors()) == ("", "")


def test_no_postgresql_of_its_own_is_started(serve: Serve, tmp_path: Path, database: str) -> None:
    server = serve(tmp_path / "own", "--database", database).wait_ready()
    assert [line for line in processes_of(tmp_path / "own") if "postgres -D" in line] == []
    assert server.end() == 0
    assert [path.name for path in (tmp_path / "own").iterdir()] == ["master.key"]


def test_a_newer_schema_is_refused(serve: Serve, tmp_path: Path, database: str) -> None:
    assert serve(tmp_path, "--database", database).wait_ready().end() == 0
    query(database, "update alembic_version set version_num = '9999'")
    assert refusal(tmp_path, "--database", database).startswith("the database is at schema 9999")
