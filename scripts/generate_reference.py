"""Writes docs/reference from the declarations: actions, errors, settings and the command line.

`--check` writes nothing and fails when a page is not what its declarations say.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from counterfoil.wire.routes import all_actions
from reference.actions import action_page, stem
from reference.errors import errors_page
from reference.library import library_page
from reference.markdown import page, table
from reference.settings import command_line_page, settings_page

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "reference"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only tell whether pages are stale")
    is_check = parser.parse_args().check
    pages = {FOLDER / name: text for name, text in written_pages()}
    there = set(FOLDER.rglob("*.md"))
    stale = {path for path, text in pages.items() if path not in there or path.read_text() != text}
    stale |= there - pages.keys()
    if is_check:
        for path in sorted(stale):
            print(f"{path.relative_to(ROOT)} is stale: run `make docs`", file=sys.stderr)
        sys.exit(bool(stale))
    for path in sorted(stale):
        if path in pages:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(pages[path])
        else:
            path.unlink()
        print(path.relative_to(ROOT))


def written_pages() -> Iterator[tuple[str, str]]:
    """Every page: its path in docs/reference and its text."""
    yield "index.md", page("Reference", index_page())
    yield "errors.md", page("Error codes", errors_page())
    yield "settings.md", page("Settings", settings_page())
    yield "command-line.md", page("Command line", command_line_page())
    yield "library.md", page("Python library", library_page())
    for action in all_actions():
        yield f"actions/{stem(action)}.md", page(action.name, action_page(action, ROOT))


def index_page() -> Iterator[str]:
    yield "Made from the program's own declarations, and checked against them with every test run."
    yield (
        "- [Settings](settings.md)\n- [Command line](command-line.md)\n"
        "- [Error codes](errors.md)\n- [Python library](library.md)"
    )
    yield "## Actions served"
    yield table(
        ["Action", "Service", "Version", "Requests a second"],
        [
            [
                f"[{action.name}](actions/{stem(action)}.md)",
                f"`{action.service}`",
                f"`{action.version}`",
                str(action.rate or "no limit"),
            ]
            for action in all_actions()
        ],
    )


if __name__ == "__main__":
    main()
