"""A hold: due at its deadline, and only while it is open."""

from datetime import timedelta

import pytest
from tests.unit.vouchers import DAY, NOW

from counterfoil.domain.burndown import Share
from counterfoil.domain.hold import HeldPart, Hold, HoldState
from counterfoil.domain.postings import Bill

TICK = timedelta(microseconds=1)


def hold(state: HoldState = HoldState.OPEN) -> Hold:
    bill = Bill("prepay", "", "deal", "", NOW, NOW)
    parts = [HeldPart(1, 1, (Share(1, 3), Share(2, 4))), HeldPart(2, 2, (Share(2, 5),))]
    return Hold(1, 1, 1, state, 1, bill, NOW - DAY, NOW, None, 1, parts)


@pytest.mark.parametrize("state", HoldState)
@pytest.mark.parametrize("late", [-TICK, timedelta(0), DAY])
def test_an_open_hold_is_due_from_its_deadline_on(state: HoldState, late: timedelta) -> None:
    is_past = late >= timedelta(0)
    assert hold(state).is_due(NOW + late) is (is_past and state is HoldState.OPEN)


def test_its_amount_is_the_sum_of_its_parts_shares() -> None:
    assert [part.amount_micro for part in hold().parts] == [7, 5]
    assert hold().amount_micro == 12
