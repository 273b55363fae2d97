"""Where scenarios work: a folder for the run, and books that are loaded once and shared."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.books import Book, load
from bench.server import Server, serving


class Lab:
    """One run of the bench; everything it leaves behind is in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._loaded: dict[Book, Path] = {}
        self._names = 0

    def fresh_folder(self) -> Path:
        """The path of a folder that does not exist yet."""
        self._names += 1
        return self.folder / str(self._names)

    @contextmanager
    def serving(self, book: Book) -> Iterator[Server]:
        """A freshly started server on a book, without rate limits."""
        if book not in self._loaded:
            data = self.fresh_folder()
            print(f"loading {book.vouchers * book.usages_each:,} usages", flush=True)
            with serving(data) as server:
                load(book, server)
            self._loaded[book] = data
        with serving(self._loaded[book], "--no-rate-limit") as server:
            yield server
