"""The few Markdown forms of a reference page."""

from collections.abc import Iterable, Sequence

MARK = "<!-- Written by scripts/generate_reference.py: change a declaration, then `make docs`. -->"


def page(title: str, parts: Iterable[str]) -> str:
    """A page: its title, a word to editors, and its parts with blank lines between."""
    return "\n\n".join([f"# {title}", MARK, *parts]) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; an empty cell shows a dash."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell or '–' for cell in line)} |" for line in lines)


def code(text: str) -> str:
    """A code span on one line, whatever backticks and line ends the text holds."""
    text = text.replace("\n", "\\n")
    return f"`` {text} ``" if "`" in text else f"`{text}`"
