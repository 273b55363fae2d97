"""A voucher's buckets, its state, and where value goes that comes back."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.vouchers import DAY, NOW, voucher

from counterfoil.domain.voucher import Bucket, State, VoidKind

TICK = timedelta(microseconds=1)
BEGIN, END = NOW - DAY, NOW + DAY
BUCKETS = [bucket for bucket in Bucket if bucket is not Bucket.MINT]


def balances(one: Any) -> dict[Bucket, int]:
    return {bucket: getattr(one, f"{bucket.value}_micro") for bucket in BUCKETS}


@pytest.mark.parametrize(
    ("facts", "at", "state"),
    [
        ({}, BEGIN - TICK, State.ISSUED),
        ({}, BEGIN, State.USABLE),
        ({}, END - TICK, State.USABLE),
        ({}, END, State.EXPIRED),
        ({"available_micro": 4, "spent_micro": 6}, NOW, State.USABLE),
        ({"available_micro": 0, "held_micro": 10}, NOW, State.USABLE),
        ({"available_micro": 0, "held_micro": 10}, END, State.EXPIRED),
        ({"available_micro": 0, "spent_micro": 10}, NOW, State.USED),
        ({"available_micro": 0, "spent_micro": 10}, END, State.USED),  # stays used after its end
        ({"available_micro": 0, "spent_micro": 10}, BEGIN - TICK, State.USED),
        ({"available_micro": 0, "spent_micro": 4, "expired_micro": 6}, END, State.EXPIRED),
        ({"void_kind": VoidKind.WITHDRAWN}, NOW, State.WITHDRAWN),
        ({"void_kind": VoidKind.KILLED}, END, State.KILLED),
        ({"void_kind": VoidKind.KILLED, "available_micro": 0, "spent_micro": 10}, NOW,
         State.KILLED),
    ],
)  # fmt: skip
def test_state_follows_from_buckets_dates_and_void_kind(
    facts: dict[str, Any], at: Any, state: State
) -> None:
    assert voucher(1, 10, end_at=END, **facts).state(at) is state


@pytest.mark.parametrize(
    ("facts", "at", "target"),
    [
        ({}, END - TICK, Bucket.AVAILABLE),
        ({}, END, Bucket.EXPIRED),
        ({}, BEGIN - TICK, Bucket.AVAILABLE),
        ({"void_kind": VoidKind.WITHDRAWN}, NOW, Bucket.VOIDED),
        ({"void_kind": VoidKind.KILLED}, END, Bucket.VOIDED),
    ],
)
def test_value_that_comes_back_never_revives_a_voucher(
    facts: dict[str, Any], at: Any, target: Bucket
) -> None:
    assert voucher(1, 10, end_at=END, **facts).returned_value_goes_to(at) is target


@pytest.mark.parametrize(
    ("facts", "at", "is_live"),
    [
        ({}, BEGIN - TICK, False),
        ({}, BEGIN, True),
        ({}, END - TICK, True),
        ({}, END, False),
        ({"void_kind": VoidKind.WITHDRAWN}, NOW, False),
    ],
)
def test_liveness(facts: dict[str, Any], at: Any, *, is_live: bool) -> None:
    assert voucher(1, 10, end_at=END, **facts).is_live(at) is is_live


@given(st.lists(st.tuples(st.sampled_from(BUCKETS), st.sampled_from(BUCKETS), st.integers(1, 8))))
def test_postings_move_value_and_never_make_any(
    postings: list[tuple[Bucket, Bucket, int]],
) -> None:
    one = voucher(1, 20)
    done = one.posting_count
    for source, target, amount_micro in postings:
        before = balances(one)
        if source is target or before[source] < amount_micro:
            continue
        done += 1
        assert one.post(source, target, amount_micro) == done
        changed = {source: -amount_micro, target: amount_micro}
        assert balances(one) == {b: before[b] + changed.get(b, 0) for b in BUCKETS}
    assert sum(balances(one).values()) == one.face_micro
    assert min(balances(one).values()) >= 0


def test_a_face_comes_from_the_mint_which_holds_no_balance() -> None:
    one = voucher(1, 20, available_micro=0, posting_count=0)
    assert one.post(Bucket.MINT, Bucket.AVAILABLE, 20) == 1
    assert balances(one)[Bucket.AVAILABLE] == one.face_micro


@pytest.mark.parametrize(
    ("source", "target", "amount_micro"),
    [
        (Bucket.AVAILABLE, Bucket.SPENT, 21),
        (Bucket.HELD, Bucket.SPENT, 1),
        (Bucket.AVAILABLE, Bucket.SPENT, 0),
        (Bucket.AVAILABLE, Bucket.SPENT, -1),
        (Bucket.AVAILABLE, Bucket.AVAILABLE, 1),
    ],
)
def test_what_would_break_a_balance_is_a_defect(
    source: Bucket, target: Bucket, amount_micro: int
) -> None:
    with pytest.raises(AssertionError):
        voucher(1, 20).post(source, target, amount_micro)
