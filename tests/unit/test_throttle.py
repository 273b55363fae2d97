"""The count of each second of the clock."""

import pytest

from counterfoil.clock import Clock
from counterfoil.domain.account import AccountKind, Caller
from counterfoil.wire.error_codes import Fault
from counterfoil.wire.throttle import Throttle

CALLER = Caller(100, 100, AccountKind.RESELLER)
SUB_USER = Caller(100, 101, AccountKind.RESELLER)


class StandingClock(Clock):
    """A clock that shows what it is set to."""

    at_s = 1_700_000_000.0

    def wire(self) -> float:
        return self.at_s


async def refused(throttle: Throttle, caller: Caller = CALLER, action: str = "A") -> int:
    """The count that a refusal tells; 0 when the call is admitted."""
    try:
        await throttle.admit(caller, action, 3)
    except Fault as fault:
        assert fault.answer.code == "RequestLimitExceeded"
        assert fault.details["limit"] == 3
        count: int = fault.details["count"]
        return count
    return 0


async def test_a_second_is_one_of_the_clock() -> None:
    clock = StandingClock()
    throttle = Throttle(clock)
    clock.at_s += 0.9
    assert [await refused(throttle) for _ in range(6)] == [0, 0, 0, 4, 5, 6]
    clock.at_s += 0.099
    assert await refused(throttle) == 7
    clock.at_s += 0.002
    assert [await refused(throttle) for _ in range(4)] == [0, 0, 0, 4]


@pytest.mark.parametrize(("caller", "action"), [(SUB_USER, "A"), (CALLER, "B")])
async def test_identities_and_actions_are_counted_apart(caller: Caller, action: str) -> None:
    throttle = Throttle(StandingClock())
    assert [await refused(throttle) for _ in range(4)] == [0, 0, 0, 4]
    assert [await refused(throttle, caller, action) for _ in range(4)] == [0, 0, 0, 4]
