"""The count of each second of the clock."""

import pytest

from counterfoil.clock import Clock
from counterfoil.domain.account import AccountKind, Caller
from counterfoil.settings import Settings
from counterfoil.wire.error_codes import Fault
from counterfoil.wire.throttle import Throttle

# The actions are real: only those that are served have a rate.
A, B = "DescribeVoucherInfo", "DescribeVoucherUsageDetails"
THREE = Settings(rates="*=3")
CALLER = Caller(100, 100, AccountKind.RESELLER)
SUB_USER = Caller(100, 101, AccountKind.RESELLER)


class StandingClock(Clock):
    """A clock that shows what it is set to."""

    at_s = 1_700_000_000.0

    def wire(self) -> float:
        return self.at_s


async def refused(throttle: Throttle, caller: Caller = CALLER, action: str = A) -> int:
    """The count that a refusal tells; 0 when the call is admitted."""
    try:
        await throttle.admit(caller, "127.0.0.1", action)
    except Fault as fault:
        assert fault.answer.code == "RequestLimitExceeded"
        assert fault.details["limit"] == 3
        count: int = fault.details["count"]
        return count
    return 0


async def test_a_second_is_one_of_the_clock() -> None:
    clock = StandingClock()
    throttle = Throttle(THREE, clock)
    clock.at_s += 0.9
    assert [await refused(throttle) for _ in range(6)] == [0, 0, 0, 4, 5, 6]
    clock.at_s += 0.099
    assert await refused(throttle) == 7
    clock.at_s += 0.002
    assert [await refused(throttle) for _ in range(4)] == [0, 0, 0, 4]


@pytest.mark.parametrize(("caller", "action"), [(SUB_USER, A), (CALLER, B)])
async def test_identities_and_actions_are_counted_apart(caller: Caller, action: str) -> None:
    throttle = Throttle(THREE, StandingClock())
    assert [await refused(throttle) for _ in range(4)] == [0, 0, 0, 4]
    assert [await refused(throttle, caller, action) for _ in range(4)] == [0, 0, 0, 4]


async def code(throttle: Throttle, caller: Caller, address: str, action: str) -> str:
    """The code of a refusal; empty when the call is admitted."""
    try:
        await throttle.admit(caller, address, action)
    except Fault as fault:
        return fault.answer.code
    return ""


async def test_an_account_is_counted_with_all_that_act_for_it_over_all_actions() -> None:
    throttle = Throttle(Settings(account_rate=2), StandingClock())
    asked = [(CALLER, A), (SUB_USER, B), (CALLER, B), (Caller(200, 200, CALLER.kind), A)]
    assert [await code(throttle, caller, "::1", action) for caller, action in asked] == [
        "", "", "RequestLimitExceeded.UinLimitExceeded", "",
    ]  # fmt: skip


async def test_an_address_is_counted_whoever_calls_from_it() -> None:
    throttle = Throttle(Settings(address_rate=2), StandingClock())
    callers = [CALLER, SUB_USER, Caller(200, 200, CALLER.kind)]
    codes = [await code(throttle, caller, "10.0.0.1", A) for caller in callers]
    assert codes == ["", "", "RequestLimitExceeded.IPLimitExceeded"]
    assert await code(throttle, CALLER, "10.0.0.2", A) == ""


async def test_the_narrowest_limit_is_told_first() -> None:
    tight = Settings(rates="*=1", account_rate=1, address_rate=1)
    throttle = Throttle(tight, StandingClock())
    assert await code(throttle, CALLER, "::1", A) == ""
    assert await code(throttle, CALLER, "::1", A) == "RequestLimitExceeded"
    assert await code(throttle, CALLER, "::1", B) == "RequestLimitExceeded.UinLimitExceeded"


async def test_no_rate_limit_lifts_them_all() -> None:
    throttle = Throttle(
        Settings(rates="*=1", account_rate=1, address_rate=1, no_rate_limit=True), StandingClock()
    )
    assert {await code(throttle, CALLER, "::1", A) for _ in range(9)} == {""}
