"""What the tests of documents read in Markdown: links, headings, fenced blocks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FENCED = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[(?:[^\]\[]|\[[^\]]*\])*\]\(([^()\s]+)\)")
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block: what stands behind its first fence, its text, and its line."""

    info: str
    text: str
    line: int


def blocks(text: str) -> list[Block]:
    """The fenced blocks of a page, in order."""
    return [
        Block(found["info"].strip(), found["text"], text[: found.start()].count("\n") + 1)
        for found in _FENCED.finditer(text)
    ]


def links(text: str) -> Iterator[str]:
    """The targets of a page's links, outside of code."""
    prose = re.sub(r"`[^`\n]*`", "", _FENCED.sub("", text))
    yield from (found[1] for found in _LINK.finditer(prose))


def anchors(text: str) -> set[str]:
    """What links can name in a page: its headings, as code hosts spell them."""
    titles = (found[1] for found in _HEADING.finditer(_FENCED.sub("", text)))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
