"""A pool: everything that was given stands in one place, and both sides of the story stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.vouchers import NOW

from counterfoil.domain.errors import QuotaInsufficient
from counterfoil.domain.pool import BALANCE_MAX_MICRO, Pool

# (source, target) of each kind of movement, and the balance that it draws on.
MOVEMENTS = {
    ("quota", "available"): "",
    ("available", "quota"): "available_micro",
    ("available", "issued"): "available_micro",
    ("available", "allocated"): "available_micro",
    ("allocated", "available"): "allocated_micro",
    ("returned", "available"): "",
}


def pool(total_micro: int = 0) -> Pool:
    return Pool(1, 1, NOW, total_micro, total_micro, 0, 0, 0, 0, 0)


def test_a_story() -> None:
    one = pool()
    assert one.post("quota", "available", 100) == 1
    assert one.post("available", "issued", 40) == 2
    assert one.post("available", "allocated", 30) == 3
    assert one.post("returned", "available", 15) == 4
    assert one.post("allocated", "available", 10) == 5
    assert one.post("available", "quota", 5) == 6
    assert (one.total_micro, one.available_micro, one.issued_micro) == (95, 50, 40)
    assert (one.returned_micro, one.allocated_micro, one.movement_count) == (15, 20, 6)


@pytest.mark.parametrize(("amount_micro", "is_there"), [(99, True), (100, True), (101, False)])
def test_what_is_available(amount_micro: int, *, is_there: bool) -> None:
    one = pool(100)
    if is_there:
        one.require(amount_micro)
    else:
        with pytest.raises(QuotaInsufficient):
            one.require(amount_micro)
    assert one == pool(100)


@given(st.lists(st.tuples(st.sampled_from(sorted(MOVEMENTS)), st.integers(1, 9))))
def test_its_parts_always_make_up_its_total(
    movements: list[tuple[tuple[str, str], int]],
) -> None:
    one, returned_at_most = pool(20), 0
    for (source, target), amount_micro in movements:
        drawn_on = MOVEMENTS[source, target]
        if drawn_on and getattr(one, drawn_on) < amount_micro:
            continue
        if source == "returned" and one.returned_micro + amount_micro > one.issued_micro:
            continue  # no more comes back than was issued
        one.post(source, target, amount_micro)
        returned_at_most = max(returned_at_most, one.returned_micro)
    parts = one.available_micro + one.issued_micro - one.returned_micro + one.allocated_micro
    assert one.total_micro == parts
    assert one.returned_micro == returned_at_most <= one.issued_micro


@pytest.mark.parametrize(
    ("source", "target", "amount_micro"),
    [
        ("available", "issued", 101),
        ("allocated", "available", 1),
        ("quota", "available", 0),
        ("quota", "available", -1),
        ("quota", "available", BALANCE_MAX_MICRO),
    ],
)
def test_what_would_break_a_balance_is_a_defect(
    source: str, target: str, amount_micro: int
) -> None:
    with pytest.raises(AssertionError):
        pool(100).post(source, target, amount_micro)
