"""Whatever a user can meet has its place in the documents, and every link leads somewhere."""

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import typer
from tests.tidy.markdown import anchors, links
from tests.tidy.project import MIGRATIONS, ROOT, SOURCE, files_of, shown

from counterfoil.actions.declaration import Answer
from counterfoil.cli.commands import app
from counterfoil.settings import Settings, variable
from counterfoil.telemetry import Requests
from counterfoil.wire import error_codes
from counterfoil.wire.routes import all_actions

DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
PAGES = [pytest.param(path, id=shown(path)) for path in files_of(".md")]

GATEWAY = {name: answer for name, answer in vars(error_codes).items() if isinstance(answer, Answer)}


def test_generated_pages_are_fresh() -> None:
    script = ROOT / "scripts" / "generate_reference.py"
    done = subprocess.run(
        [sys.executable, script, "--check"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_settings_have_their_rows() -> None:
    text = (REFERENCE / "settings.md").read_text()
    for field in fields(Settings):
        assert f"`--{field.name.replace('_', '-')}`" in text
        assert f"`{variable(field.name)}`" in text


def test_error_codes_have_their_sections() -> None:
    own = (answer for action in all_actions() for answer in action.errors.values())
    codes = {answer.code for answer in [*GATEWAY.values(), *error_codes.DEFAULTS.values(), *own]}
    titles = re.findall(r"^## (\S+)$", (REFERENCE / "errors.md").read_text(), re.MULTILINE)
    assert set(titles) == codes


def test_refusals_of_the_gateway_have_their_place_in_the_order() -> None:
    placed = {answer for answers in error_codes.STOPS.values() for answer in answers}
    assert set(GATEWAY.values()) - placed == {error_codes.INTERNAL_ERROR}


def test_actions_are_listed() -> None:
    text = (REFERENCE / "index.md").read_text()
    for action in all_actions():
        assert f"[{action.name}](actions/" in text


def test_commands_have_their_sections() -> None:
    text = (REFERENCE / "command-line.md").read_text()
    found = list(_commands(typer.main.get_command(app)))
    assert "serve" in dict(found)
    for name, command in found:
        assert f"\n## counterfoil {name}\n" in text
        for parameter in command.params:
            if parameter.param_type_name == "option":
                assert f"`{parameter.opts[0]}`" in text


def _commands(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, f"{before}{name} ")
        else:
            yield before + name, command


def test_make_targets_are_explained() -> None:
    targets = re.findall(r"^(\w+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert "serve" in targets
    text = (ROOT / "CONTRIBUTING.md").read_text()
    assert [target for target in targets if f"`make {target}`" not in text] == []


def test_metrics_are_explained() -> None:
    requests = Requests()
    requests.observe("Example", "", 0.1)
    names = re.findall(r"^# TYPE (\w+)", requests.exposition().decode(), re.MULTILINE)
    assert names
    text = (DOCS / "operations.md").read_text()
    assert [name for name in names if f"`{name}`" not in text and "_created" not in name] == []


def test_tables_are_explained() -> None:
    schema = "\n".join(path.read_text() for path in files_of(".sql", under=MIGRATIONS))
    tables = re.findall(r"^create table (\w+)", schema, re.MULTILINE)
    text = (DOCS / "architecture.md").read_text()
    assert [table for table in tables if f"`{table}`" not in text] == []


def test_glossary_is_in_order() -> None:
    terms = re.findall(r"^\| \*\*(.+?)\*\*", (DOCS / "glossary.md").read_text(), re.MULTILINE)
    assert terms == sorted(terms, key=str.lower)
    assert terms


@pytest.mark.parametrize("page", PAGES)
def test_links_resolve(page: Path) -> None:
    broken = []
    for link in links(page.read_text()):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        is_found = target.exists() and (not anchor or anchor in anchors(target.read_text()))
        if not is_found:
            broken.append(link)
    assert broken == []


def test_every_page_can_be_reached() -> None:
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page not in reached and page.suffix == ".md" and page.exists():
            reached.add(page)
            names = (link.partition("#")[0] for link in links(page.read_text()))
            waiting += [(page.parent / name).resolve() for name in names if name]
    assert {shown(path) for path in files_of(".md", under=DOCS)} <= {shown(p) for p in reached}


def test_log_events_are_explained() -> None:
    source = "\n".join(path.read_text() for path in files_of(".py", under=SOURCE))
    events = set(re.findall(r'\blog\.(?:debug|info|warning|error)\(\s*"(\w+)"', source))
    assert events
    text = (DOCS / "operations.md").read_text()
    assert {event for event in events if f"`{event}`" not in text} == set()


def test_tests_that_documents_name_exist() -> None:
    tests = "\n".join(path.read_text() for path in files_of(".py", under=ROOT / "tests"))
    for page in files_of(".md"):
        named = set(re.findall(r"`(test_\w+)`", page.read_text()))
        assert {name for name in named if f"def {name}(" not in tests} == set(), shown(page)
