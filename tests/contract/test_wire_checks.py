"""What is said of a request that is wrong: the code and message of each fault, in both languages,
and which fault is named where there are several."""

import time

import pytest
from tests.contract.fault_table import SENT_FIELDS, STOPS, TRANSPORT
from tests.contract.faults import Fault
from tests.contract.raw import APIS, MODES, Api, Draft, Mode, ask
from tests.serving import Running

# A v1 request names its language in its fields, so whoever refuses it before has none.
BEFORE_LANGUAGE = [fault for stop in (*TRANSPORT, *SENT_FIELDS) for fault in stop]

SINGLE = [
    pytest.param(api, mode, fault, id=f"{api.service} {mode} {fault.name}")
    for stop in STOPS
    for fault in stop
    for api in fault.apis
    for mode in fault.modes
]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("api", APIS, ids=lambda api: api.service)
def test_good_requests_are_answered(sample_server: Running, api: Api, mode: Mode) -> None:
    assert ask(sample_server.address, Draft(api, mode)).error == ("", "")


@pytest.mark.parametrize("language", [None, "en-US", "zh-CN", "fr-FR", ""])
@pytest.mark.parametrize(("api", "mode", "fault"), SINGLE)
def test_code_and_message(
    sample_server: Running, api: Api, mode: Mode, fault: Fault, language: str | None
) -> None:
    draft = Draft(api, mode, common={"Language": language})
    fault.spoil(draft)
    began_s = int(time.time())
    code, message = ask(sample_server.address, draft).error
    assert code == fault.code
    is_chinese = language == "zh-CN" and (draft.is_v3 or fault not in BEFORE_LANGUAGE)
    match = fault.message(api, is_chinese=is_chinese).fullmatch(message)
    assert match, message
    for server_time in match.groups():
        assert began_s <= int(server_time) <= time.time()


@pytest.mark.parametrize("number", range(len(STOPS) - 1))
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("api", APIS, ids=lambda api: api.service)
def test_the_earlier_fault_is_named(
    sample_server: Running, api: Api, mode: Mode, number: int
) -> None:
    stops = [[f for f in stop if api in f.apis and mode in f.modes][:1] for stop in STOPS]
    for earlier in stops[number]:
        expected = earlier.message(api, is_chinese=False)
        for (later,) in filter(None, stops[number + 1 :]):
            draft = Draft(api, mode)
            later.spoil(draft)
            earlier.spoil(draft)  # last, so that it stands where both spoil the same thing
            code, message = ask(sample_server.address, draft).error
            assert code == earlier.code, later.name
            assert expected.fullmatch(message), later.name
