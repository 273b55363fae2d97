"""A request is good for five minutes either way, to the second of the server's clock."""

import time

import pytest
from tests.contract.raw import MODES, PARTNER, Draft, Mode, ask
from tests.serving import Running


def code_within_a_second(address: str, mode: Mode, offset_s: int) -> str:
    """What a request gets that was signed exactly so long after (or before) it arrives.

    It is tried again until sending and answer fall into one second of the clock.
    """
    while True:
        began_s = int(time.time())
        draft = Draft(PARTNER, mode, common={"Timestamp": str(began_s + offset_s)})
        code, _ = ask(address, draft).error
        if int(time.time()) == began_s:
            return code


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("offset_s", "expected"),
    [
        (-300, ""),
        (300, ""),
        (-301, "AuthFailure.SignatureExpire"),
        (301, "AuthFailure.SignatureExpire"),
    ],
)
def test_the_window_is_300_seconds(
    sample_server: Running, mode: Mode, offset_s: int, expected: str
) -> None:
    assert code_within_a_second(sample_server.address, mode, offset_s) == expected
