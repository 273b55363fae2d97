"""Ranges of time as requests write them: `…From` and `…To`, each a date or a time in UTC+8."""

from datetime import UTC, datetime, timedelta

from counterfoil.domain.errors import BadInstant
from counterfoil.domain.instants import instant
from counterfoil.store.voucher_lists import Span

_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)
# UTC+8 is ahead, so a client's "no time" (0001-01-01) is before the first instant there is.
_FIRST = datetime.min.replace(tzinfo=UTC)


def span(first: str | None, last: str | None, parameter: str) -> Span:
    """From the beginning of `first` on, up to the end of `last`: of the day, where it is a date, or
    of the second. Absent or empty: open.

    Raises:
        BadInstant: neither a date nor a time; `parameter` names it, with From or To behind.
    """
    begins, ends = _read(first, f"{parameter}From"), _read(last, f"{parameter}To")
    return begins and begins[0], ends and ends[1]


def both(one: Span, other: Span) -> Span:
    """What lies in two ranges."""
    begins = [begin for begin, _ in (one, other) if begin is not None]
    ends = [end for _, end in (one, other) if end is not None]
    return max(begins, default=None), min(ends, default=None)


def later(moved: Span, by: timedelta) -> Span:
    """The range, so much later."""
    begin, end = moved
    return begin and begin + by, end and end + by


def _read(text: str | None, parameter: str) -> tuple[datetime, datetime] | None:
    """The beginning and the end of a day or second."""
    if not text:
        return None
    is_day = ":" not in text
    try:
        begin = instant(f"{text} 00:00:00" if is_day else text)
    except OverflowError:
        begin = _FIRST
    except ValueError:
        raise BadInstant(parameter, text) from None
    return begin, begin + (_DAY if is_day else _SECOND)
