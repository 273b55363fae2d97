"""The house's rules for files and Python, kept by a test rather than by a reviewer."""

import ast
import inspect
import re
from pathlib import Path
from statistics import median

import pytest
from tests.tidy.project import ROOT, SOURCE, SQL, files_of, project_files, shown
from tests.tidy.rules import RULES, Rule

from counterfoil.actions.declaration import Action
from counterfoil.wire.routes import all_actions

FILE_LINES_MAX = 500
MEDIAN_LINES_MAX = 120

# Names that say nothing of what is inside.
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}

# What each rule must find, so that a rule that has gone blind is noticed.
BREACHES = {
    "long_functions": ("wire/app.py", "def f():\n" + "    x = 1\n" * 60),
    "clock_reads": ("ledger/book.py", "def f():\n    return datetime.now(UTC)\n"),
    "imports_out_of_place": ("wire/app.py", "def f():\n    import asyncpg\n"),
    "sql_outside_store": ("ledger/book.py", "QUESTION = ' select 1'\n"),
    "floats_near_money": ("domain/money.py", "def f(micro):\n    return micro / 100_000_000\n"),
    "unsorted_exports": ("store/x.py", "__all__ = ['b', 'a']\n"),
}

# A path of somebody's machine; a host that packages come from, which a lock file must not name.
MACHINE_PATHS = re.compile(r"/home/[a-z]\w*/|/Users/[A-Za-z]\w*/|[A-Z]:\\Users\\")
REGISTRIES = re.compile(
    r"pypi\.org|pythonhosted\.org|registry\.npmjs|npmjs\.org|npmmirror|yarnpkg\.com"
    r"|proxy\.golang\.org|(?<!emit-)index-url|\"resolved\":\s*\"http"
)

# What an owner asks of its own is answered by the statement that a partner's question has.
SHARED_STATEMENTS = {
    "describe_customer_own_voucher_list": "describe_customer_voucher_list",
    "describe_customer_own_voucher_usage_details": "describe_customer_voucher_usage_details",
}

ACTIONS = [pytest.param(action, id=action.name) for action in all_actions()]


def test_no_file_is_too_long() -> None:
    lengths = {shown(path): _lines(path) for path in files_of(".py", ".sql", ".js", ".lua", ".sh")}
    assert lengths
    assert {name: lines for name, lines in lengths.items() if lines > FILE_LINES_MAX} == {}


def test_source_files_are_short() -> None:
    lengths = [_lines(path) for path in files_of(".py", under=SOURCE)]
    assert median(lengths) <= MEDIAN_LINES_MAX


def test_no_name_is_empty_of_meaning() -> None:
    parts = {part for path in project_files() for part in path.relative_to(ROOT).parts}
    assert {part for part in parts if part.partition(".")[0].lower() in EMPTY_NAMES} == set()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_rule(rule: Rule) -> None:
    breaches = [
        f"{shown(path)}:{breach}"
        for path in files_of(".py", under=SOURCE)
        for breach in rule(path.relative_to(SOURCE).as_posix(), ast.parse(path.read_text()))
    ]
    assert breaches == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_rule_sees_a_breach(rule: Rule) -> None:
    place, text = BREACHES[rule.__name__]
    assert len(list(rule(place, ast.parse(text)))) == 1


def test_functions_outside_the_source_are_short_too() -> None:
    long_functions = RULES[0]
    breaches = [
        f"{shown(path)}:{breach}"
        for folder in ("tests", "bench", "scripts")
        for path in files_of(".py", under=ROOT / folder)
        for breach in long_functions(shown(path), ast.parse(path.read_text()))
    ]
    assert breaches == []


def test_no_path_of_a_machine_and_no_registry() -> None:
    here = re.compile("|".join(re.escape(str(path)) + "/" for path in _own_folders()))
    found = [
        f"{shown(path)}: {match.group()}"
        for path in project_files()
        for pattern in (here, MACHINE_PATHS, REGISTRIES)
        for match in pattern.finditer(path.read_text(errors="replace"))
        if path != Path(__file__)
    ]
    assert found == []


def test_machine_paths_and_registries_are_seen() -> None:
    assert MACHINE_PATHS.search("cd /home/jo/counterfoil")
    assert REGISTRIES.search("--index-url https://example")


@pytest.mark.parametrize("action", ACTIONS)
def test_action_is_named_in_one_source_file(action: Action) -> None:
    naming = [
        path
        for path in files_of(".py", ".sql", under=SOURCE)
        # As `service:Action` it is a word of policies, which one may be written about.
        if re.search(rf"(?<!:)\b{action.name}\b", path.read_text())
    ]
    assert [shown(path) for path in naming] == [shown(Path(inspect.getfile(action.run)))]


@pytest.mark.parametrize("action", ACTIONS)
def test_action_has_its_twins(action: Action) -> None:
    stem = re.sub(r"(?<!^)([A-Z])", r"_\1", action.name).lower()
    folder = f"{action.service}_{action.version.replace('-', '')}"
    twins = [
        SOURCE / "actions" / folder / f"{stem}.py",
        ROOT / "tests" / "contract" / f"test_{stem}.py",
        ROOT / "docs" / "reference" / "actions" / f"{stem}.md",
    ]
    if not action.is_write:  # all writes share the statements of the journal
        twins.append(SQL / f"{SHARED_STATEMENTS.get(stem, stem)}.sql")
    assert Path(inspect.getfile(action.run)) == twins[0]
    assert [shown(path) for path in twins if path not in project_files()] == []


def _lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def _own_folders() -> list[Path]:
    """Where this checkout and its user live, unless that is a folder every machine has."""
    return [path for path in (ROOT, Path.home()) if len(path.parts) > 2]
