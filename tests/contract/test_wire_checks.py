"""What is said of a request that is wrong: the code and message of each fault, in both languages,
and which fault is named where there are several."""

import time

import pytest
from tests.contract.fault_table import SENT_FIELDS, STOPS, TRANSPORT
from tests.contract.faults import Fault
from tests.contract.raw import ABSENT, APIS, MODES, Api, Draft, Mode, ask
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


@pytest.mark.parametrize("is_chinese", [False, True], ids=["en", "zh"])
@pytest.mark.parametrize(("api", "mode", "fault"), SINGLE)
def test_code_and_message(
    sample_server: Running, api: Api, mode: Mode, fault: Fault, is_chinese: bool
) -> None:
    draft = Draft(api, mode, common={"Language": "zh-CN"} if is_chinese else {})
    fault.spoil(draft)
    began_s = int(time.time())
    code, message = ask(sample_server.address, draft).error
    assert code == fault.code
    is_known = draft.is_v3 or fault not in BEFORE_LANGUAGE
    match = fault.message(api, is_chinese=is_chinese and is_known).fullmatch(message)
    assert match, message
    for server_time in match.groups():
        assert began_s <= int(server_time) <= time.time()


@pytest.mark.parametrize("language", ["en-US", "fr-FR", "zh-TW", "", "null"])
@pytest.mark.parametrize("mode", MODES)
def test_any_other_language_is_english(sample_server: Running, mode: Mode, language: str) -> None:
    draft = Draft(APIS[0], mode, common={"Language": language}, members={"Page": ABSENT})
    _, message = ask(sample_server.address, draft).error
    assert message == "The request is missing a required parameter `Page`."


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
