"""Amounts and their texts."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.domain.money import MICRO_PER_USD, micro, usd

# Below this a double tells all amounts apart, and its shortest text is the amount's.
DOUBLES_TELL_APART = 10**15

amounts = st.integers(-(10**20) + 1, 10**20 - 1)


@given(amounts)
def test_round_trip(amount_micro: int) -> None:
    assert micro(usd(amount_micro)) == amount_micro


@given(amounts)
def test_exact(amount_micro: int) -> None:
    assert Decimal(usd(amount_micro)) * MICRO_PER_USD == amount_micro


@given(st.integers(-DOUBLES_TELL_APART + 1, DOUBLES_TELL_APART - 1))
def test_the_shortest_text_that_a_double_gives_back(amount_micro: int) -> None:
    shortest = format(Decimal(repr(amount_micro / MICRO_PER_USD)), "f")
    assert usd(amount_micro) == shortest.removesuffix(".0")


@pytest.mark.parametrize(
    ("amount_micro", "text"),
    [
        (0, "0"),
        (1, "0.00000001"),
        (-1, "-0.00000001"),
        (30_000_000, "0.3"),
        (100_000_000, "1"),
        (-100_000_000, "-1"),
        (1_000_000_000, "10"),
        (1_010_000_000, "10.1"),
        (99_999_999_999_999, "999999.99999999"),
        (10**14, "1000000"),
    ],
)
def test_texts(amount_micro: int, text: str) -> None:
    assert usd(amount_micro) == text
    assert micro(text) == amount_micro


@pytest.mark.parametrize("text", ["00.30", "0.30000000", "000000000000.3"])
def test_other_spellings_of_an_amount(text: str) -> None:
    assert micro(text) == 30_000_000


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "-",
            ".",
            "1.",
            ".1",
            "--1",
            "+1",
            "1e3",
            "1E3",
            "0x1",
            "NaN",
            "Infinity",
            "1 ",
            " 1",
        ),
        *("1,000", "1_000", "１", "1.2.3", "1.123456789", "1234567890123", "1\n", "\0"),
    ],
)
def test_what_is_no_amount(text: str) -> None:
    with pytest.raises(ValueError, match="amount"):
        micro(text)


@given(st.text())
def test_any_text_is_an_amount_or_a_value_error(text: str) -> None:
    try:
        amount_micro = micro(text)
    except ValueError:
        return
    assert Decimal(text) * MICRO_PER_USD == amount_micro
