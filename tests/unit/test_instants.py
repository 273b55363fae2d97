"""Instants as they are shown, and the months they are in."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.domain.instants import instant, month_of, parse_month, shown

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

instants = st.timedeltas(timedelta(0), timedelta(days=365 * 8000)).map(lambda since: EPOCH + since)


@given(instants)
def test_round_trip_but_for_the_fraction(at: datetime) -> None:
    assert instant(shown(at)) == at.replace(microsecond=0)


@given(instants)
def test_the_month_is_that_of_what_is_shown(at: datetime) -> None:
    assert month_of(at) == parse_month(shown(at)[:7])


@given(instants)
def test_eight_hours_ahead(at: datetime) -> None:
    assert shown(at) == f"{at + timedelta(hours=8):%Y-%m-%d %H:%M:%S}"


@pytest.mark.parametrize(
    ("text", "month", "clock"),
    [
        ("2024-03-31T15:59:59+00:00", 202403, "2024-03-31 23:59:59"),
        ("2024-03-31T15:59:59.999999+00:00", 202403, "2024-03-31 23:59:59"),
        ("2024-03-31T16:00:00+00:00", 202404, "2024-04-01 00:00:00"),
        ("2023-12-31T16:00:00+00:00", 202401, "2024-01-01 00:00:00"),
        ("2024-02-29T15:59:59+00:00", 202402, "2024-02-29 23:59:59"),
        ("2024-03-31T23:59:59-05:00", 202404, "2024-04-01 12:59:59"),
    ],
)
def test_edges_of_months(text: str, month: int, clock: str) -> None:
    at = datetime.fromisoformat(text)
    assert (month_of(at), shown(at)) == (month, clock)


@pytest.mark.parametrize("text", ["2024-01", "2024-12", "0001-01", "9999-12"])
def test_months(text: str) -> None:
    month = parse_month(text)
    assert f"{month // 100:04}-{month % 100:02}" == text


@pytest.mark.parametrize(
    "text",
    [
        *("", "2024", "2024-", "2024-0", "2024-00", "2024-13", "2024-3", "24-03", "202403"),
        *(
            "2024-03-01",
            " 2024-03",
            "2024-03 ",
            "2024-03\n",
            "2024/03",
            "２０２４-03",
            "2024-٠٣",
            "\0",
        ),
    ],
)
def test_what_is_no_month(text: str) -> None:
    with pytest.raises(ValueError, match="yyyy-mm"):
        parse_month(text)


@given(st.text())
def test_any_text_is_a_month_or_a_value_error(text: str) -> None:
    try:
        assert 1 <= parse_month(text) <= 999912
    except ValueError:
        return


@pytest.mark.parametrize("text", ["", "2024-03-29", "2024-02-30 00:00:00", "2024-03-29T02:03:27"])
def test_what_is_no_instant(text: str) -> None:
    with pytest.raises(ValueError, match=r"does not match|out of range"):
        instant(text)
