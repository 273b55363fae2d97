"""Where the rate limit stands among the stops: after who is asking for what, before the rest."""

import time
from collections.abc import Iterator, Sequence

import pytest
from tests.contract.fault_table import (
    ACTION,
    CALLER,
    COMMON,
    PARAMETERS,
    SENT_FIELDS,
    TRANSPORT,
    VALUES,
)
from tests.contract.faults import Fault
from tests.contract.raw import APIS, MODES, Api, Connection, Draft, Mode
from tests.serving import Running, running

ROLE = ACTION[-1:]
BEFORE = [*TRANSPORT, *SENT_FIELDS, *COMMON, *CALLER, *ACTION[:-1]]
AFTER = [*ROLE, *PARAMETERS, *VALUES]


@pytest.fixture(scope="module")
def one_a_second() -> Iterator[Running]:
    with running("--sample", "--rates", "*=1") as server:
        yield server


def codes_in_one_second(address: str, drafts: Sequence[Draft]) -> list[str]:
    """What is answered when all of them arrive within one second that nobody has used before."""
    while True:
        time.sleep(1 - time.time() % 1)
        began_s = int(time.time())
        with Connection(address) as connection:
            codes = []
            for draft in drafts:
                connection.send(draft.message().encoded())
                answer = connection.receive()
                assert answer is not None
                codes.append(answer.error[0])
        if int(time.time()) == began_s:
            return codes


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("api", APIS, ids=lambda api: api.service)
def test_what_is_refused_before_counts_for_nothing(
    one_a_second: Running, api: Api, mode: Mode
) -> None:
    def spoiled(stops: list[list[Fault]]) -> list[tuple[Draft, str]]:
        pairs = []
        for stop in stops:
            for fault in [f for f in stop if api in f.apis and mode in f.modes][:1]:
                draft = Draft(api, mode)
                fault.spoil(draft)
                pairs.append((draft, fault.code))
        return pairs

    good = (Draft(api, mode), "")
    refused = (Draft(api, mode), "RequestLimitExceeded")
    # What another account signs is counted apart.
    after = [(draft, "RequestLimitExceeded") for draft, _ in spoiled(AFTER) if draft.key is None]
    asked = [*spoiled(BEFORE), good, *spoiled(BEFORE), refused, *after]
    expected = [code for _, code in asked]
    assert codes_in_one_second(one_a_second.address, [draft for draft, _ in asked]) == expected


@pytest.mark.parametrize("stop", AFTER, ids=lambda stop: stop[0].name)
def test_what_is_refused_after_counts(one_a_second: Running, stop: list[Fault]) -> None:
    fault = stop[0]
    draft = Draft(fault.apis[0], fault.modes[0])
    fault.spoil(draft)
    codes = codes_in_one_second(one_a_second.address, [draft, draft])
    assert codes == [fault.code, "RequestLimitExceeded"]
