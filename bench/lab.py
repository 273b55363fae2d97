"""Where scenarios work: a folder for the run, and books that are filled and checked once and
shared."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.books import Book
from bench.filling import fill
from bench.load import RightAnswer
from bench.pages import Pages
from bench.server import Server, serving


class Lab:
    """One run of the bench; everything it leaves behind is in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filled: dict[Book, Path] = {}
        self._checked: dict[tuple[Pages, int], RightAnswer] = {}
        self._names = 0

    def fresh_folder(self) -> Path:
        """The path of a folder that does not exist yet."""
        self._names += 1
        return self.folder / str(self._names)

    @contextmanager
    def serving(self, book: Book, *options: str) -> Iterator[Server]:
        """A freshly started server on a book, without rate limits and with further options."""
        if book not in self._filled:
            data = self.fresh_folder()
            began_s = time.monotonic()
            fill(book, data, self.fresh_folder())
            elapsed_s = time.monotonic() - began_s
            print(f"filled a book of {book.usages:,} usages in {elapsed_s:.0f} s", flush=True)
            self._filled[book] = data
        with serving(self._filled[book], "--no-rate-limit", *options) as server:
            yield server

    def checked(self, pages: Pages, server: Server, count: int) -> RightAnswer:
        """How right answers to so many pages are told. They are read and compared with what was
        filled in when they are first asked for: no scenario writes on the vouchers they are of."""
        if (pages, count) not in self._checked:
            self._checked[pages, count] = pages.checked(server, count)
        return self._checked[pages, count]
