"""Instants are UTC inside and UTC+8 wherever a person or the wire sees them."""

import re
from datetime import UTC, datetime, timedelta, timezone

SHOWN_ZONE = timezone(timedelta(hours=8))
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])", re.ASCII)


def instant(shown: str) -> datetime:
    """`'2024-03-29 02:03:27'` in UTC+8 → the instant in UTC.

    Raises:
        ValueError: not a date and time written so.
    """
    return datetime.strptime(shown, "%Y-%m-%d %H:%M:%S").replace(tzinfo=SHOWN_ZONE).astimezone(UTC)


def shown(at: datetime) -> str:
    """The instant as the wire writes it: UTC+8, whole seconds, the fraction dropped."""
    return at.astimezone(SHOWN_ZONE).strftime("%Y-%m-%d %H:%M:%S")


def month_of(at: datetime) -> int:
    """yyyymm of the instant in UTC+8."""
    local = at.astimezone(SHOWN_ZONE)
    return local.year * 100 + local.month


def parse_month(text: str) -> int:
    """`'2024-03'` → 202403.

    Raises:
        ValueError: not a month written yyyy-mm.
    """
    if not _MONTH.fullmatch(text):
        raise ValueError(f"not a month written yyyy-mm: {text[:40]!r}")
    return int(text[:4]) * 100 + int(text[5:])
