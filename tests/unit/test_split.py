"""One amount over several lines: pro rata, exact to the last unit, the same every time."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.domain.burndown import split

weights_of_lines = st.lists(st.integers(0, 10**14), min_size=1, max_size=50).filter(any)


@pytest.mark.parametrize(
    ("amount_micro", "weights", "shares"),
    [
        (90, [100, 200], [30, 60]),  # the documents' own example
        (1, [1, 1], [1, 0]),  # a tie goes to the earlier line
        (2, [1, 1, 1], [1, 1, 0]),
        (10, [1, 1, 1], [4, 3, 3]),
        (10, [1, 2, 4], [1, 3, 6]),  # 1.43, 2.86, 5.71: .86 and .71 are the largest remainders
        (5, [0, 5, 0], [0, 5, 0]),
        (0, [3, 4], [0, 0]),
        (7, [3, 4], [3, 4]),
        (10**14, [10**14, 10**14], [5 * 10**13, 5 * 10**13]),
        (10**14 - 1, [10**14 - 1, 1], [10**14 - 2, 1]),
    ],
)
def test_vectors(amount_micro: int, weights: list[int], shares: list[int]) -> None:
    assert split(amount_micro, weights) == shares


@given(st.integers(0, 10**15), weights_of_lines)
def test_shares_add_up_and_are_less_than_a_unit_off(amount_micro: int, weights: list[int]) -> None:
    shares = split(amount_micro, weights)
    assert sum(shares) == amount_micro
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - Fraction(amount_micro * weight, sum(weights))) < 1


@given(st.data(), weights_of_lines)
def test_no_share_exceeds_its_weight(data: st.DataObject, weights: list[int]) -> None:
    amount_micro = data.draw(st.integers(0, sum(weights)))
    shares = split(amount_micro, weights)
    assert all(share <= weight for share, weight in zip(shares, weights, strict=True))


@given(st.integers(0, 10**6), st.integers(1, 100), st.integers(1, 20))
def test_equal_weights_differ_by_one_unit_the_earlier_getting_more(
    amount_micro: int, weight: int, count: int
) -> None:
    shares = split(amount_micro, [weight] * count)
    assert max(shares) - min(shares) <= 1
    assert shares == sorted(shares, reverse=True)


@given(st.integers(0, 10**6), weights_of_lines)
def test_a_line_that_weighs_more_never_gets_less(amount_micro: int, weights: list[int]) -> None:
    shares = split(amount_micro, weights)
    for n, weight in enumerate(weights):
        for m in range(n):
            if weights[m] >= weight:
                assert shares[m] >= shares[n]
