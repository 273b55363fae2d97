"""Where a page begins, as a text that its answer gives and the next request sends back."""

import re

from counterfoil.domain.errors import BadCursor

_NUMBER = re.compile(r"-?[0-9]{1,19}", re.ASCII)
_NUMBER_MAX = 2**63 - 1


def cursor(*numbers: int) -> str:
    """The place that some numbers stand for, as text."""
    return ".".join(map(str, numbers))


def place(text: str | None, count: int) -> tuple[int, ...] | None:
    """The `count` numbers of a place; None where there is no text: the beginning.

    Raises:
        BadCursor: not a text that an answer has given.
    """
    if not text:
        return None
    numbers = tuple(int(part) for part in text.split(".") if _NUMBER.fullmatch(part))
    if len(numbers) != count or text.count(".") != count - 1:
        raise BadCursor("Cursor", text)
    if max(map(abs, numbers)) > _NUMBER_MAX:
        raise BadCursor("Cursor", text)
    return numbers
