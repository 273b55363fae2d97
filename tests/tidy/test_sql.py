"""The house's rules for SQL: the same text must serve one PostgreSQL and many (Citus).

A statement over several owners names them (`owner_uin = any(…)`), or every node would be asked;
requests come as `unnest(…)` and are joined, never left-joined from; every instant is a parameter.
"""

import ast
import re
from collections.abc import Callable, Iterator

import pytest
from tests.tidy.project import MIGRATIONS, SOURCE, SQL, files_of, shown
from tests.tidy.rules import texts

Check = Callable[[str], bool]

_TABLE = re.compile(r"create table (\w+) \((.*?)\n\)", re.DOTALL)


def _schema() -> str:
    return "\n".join(code_of(path.read_text()) for path in files_of(".sql", under=MIGRATIONS))


def code_of(text: str) -> str:
    """SQL in lower case without comments and without what its quotes hold."""
    return re.sub(r"'[^']*'", "''", re.sub(r"--[^\n]*", "", text)).lower()


TABLES = dict(_TABLE.findall(_schema()))
OWNED = {name for name, body in TABLES.items() if re.search(r"^\s*owner_uin\s", body, re.M)}
_OWNED_NAME = "|".join(sorted(OWNED))


def has_no_opening_comment(text: str) -> bool:
    return not text.startswith("-- ")


def has_several_statements(text: str) -> bool:
    return ";" in code_of(text).strip()


def selects_star(text: str) -> bool:
    return re.search(r"(select\s+(distinct\s+)?|,\s*|\w\.)\*", code_of(text)) is not None


def reads_the_clock(text: str) -> bool:
    words = r"\b(now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday)\s*\("
    return re.search(rf"{words}|\bcurrent_(timestamp|date|time)\b", code_of(text)) is not None


def is_volatile(text: str) -> bool:
    return re.search(r"\b(random|gen_random_uuid|uuidv7|nextval)\s*\(", code_of(text)) is not None


def merges(text: str) -> bool:
    return re.search(r"\bmerge\s+into\b", code_of(text)) is not None


def left_joins_from_requests(text: str) -> bool:
    requests = r"from\s+unnest\s*\([^()]*\)\s*(with\s+ordinality\s+)?(as\s+)?\w+\s*(\([^()]*\)\s*)?"
    return re.search(requests + r"left\s", code_of(text)) is not None


def asks_every_node(text: str) -> bool:
    code = code_of(text)
    joins_owned = re.search(rf"\b(from|join|update)\s+({_OWNED_NAME})\b", code)
    is_about_many = "unnest(" in code and joins_owned is not None
    return is_about_many and re.search(r"owner_uin\s*=\s*any\s*\(", code) is None


def uses_floats(text: str) -> bool:
    return re.search(r"\b(double\s+precision|float[48]?|real)\b", code_of(text)) is not None


FILE_CHECKS: dict[Check, str] = {
    has_no_opening_comment: "select 1",
    has_several_statements: "-- Two.\nselect 1; select 2",
    selects_star: "-- All.\nselect v.* from voucher as v",
    reads_the_clock: "-- Late.\nselect now()",
    is_volatile: "-- Chance.\nselect random()",
    merges: "-- Both.\nmerge into voucher using x on true",
    left_joins_from_requests: "-- Q.\nselect 1 from unnest($1::int[]) as q (n) left join x on true",
    asks_every_node: "-- V.\nselect 1 from unnest($1::int[]) as q (n) join voucher as v on true",
    uses_floats: "-- F.\nselect 1::double precision",
}
# Of those, what holds for SQL in Python too.
ALSO_IN_PYTHON = (selects_star, reads_the_clock, is_volatile, merges, uses_floats)

SCHEMA_CHECKS = {
    "trigger": r"\btrigger\b",
    "sequence": r"\b(big|small)?serial\b|\bsequence\b|\bgenerated\b|\bidentity\b",
    "instant by default": r"\bdefault\s+(now|current_|clock_)",
    "float": r"\b(double\s+precision|float[48]?|real)\b",
}


@pytest.mark.parametrize("check", FILE_CHECKS, ids=lambda check: check.__name__)
def test_statements(check: Check) -> None:
    statements = list(files_of(".sql", under=SQL))
    assert statements
    assert [shown(path) for path in statements if check(path.read_text())] == []


@pytest.mark.parametrize("check", ALSO_IN_PYTHON, ids=lambda check: check.__name__)
def test_statements_in_python(check: Check) -> None:
    assert [place for place, text in _python_statements() if check(text)] == []


@pytest.mark.parametrize("check", FILE_CHECKS, ids=lambda check: check.__name__)
def test_check_sees_a_breach(check: Check) -> None:
    assert check(FILE_CHECKS[check])


def test_every_statement_is_used() -> None:
    source = "\n".join(path.read_text() for path in files_of(".py", under=SOURCE))
    names = [path.stem for path in files_of(".sql", under=SQL)]
    assert [name for name in names if f'"{name}"' not in source] == []


@pytest.mark.parametrize("name", SCHEMA_CHECKS)
def test_schema_has_no(name: str) -> None:
    assert TABLES
    assert re.findall(SCHEMA_CHECKS[name], _schema()) == []


def test_owned_tables_lead_with_their_owner() -> None:
    assert {"voucher", "usage", "movement", "usage_month", "hold"} <= OWNED
    keys = {name: re.search(r"primary key \((\w+)", TABLES[name]) for name in OWNED}
    assert {name for name, key in keys.items() if not key or key[1] != "owner_uin"} == set()
    unique = re.findall(rf"create unique index (\w+) on ({_OWNED_NAME}) \((\w+)", _schema())
    assert [index for index, _, first in unique if first != "owner_uin"] == []


def test_no_foreign_key_leads_to_an_owned_table() -> None:
    assert re.findall(rf"references\s+({_OWNED_NAME})\b", _schema()) == []


def _python_statements() -> Iterator[tuple[str, str]]:
    """The SQL that stands in Python, beside its one caller."""
    for path in files_of(".py", under=SOURCE / "store"):
        for line, text in texts(ast.parse(path.read_text())):
            if re.match(r"\s*(select|insert|update|delete|with|create)\s", text):
                yield f"{shown(path)}:{line}", text
