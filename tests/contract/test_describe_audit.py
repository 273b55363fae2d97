"""DescribeAudit: a row for every write and every refusal of a known caller, and none for others."""

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.contract.access import assume, make_role, make_session, make_sub_user, may
from tests.contract.house import PLATFORM, Account, House, at
from tests.contract.house_rules import (
    BAD_TEXTS,
    BAD_TIMES,
    PLATFORM_ONLY,
    check_callers,
    not_a_text,
    not_a_time,
    out_of_range,
)
from tests.contract.raw import PARTNER, Draft, ask
from tests.contract.reading import BAD_CURSOR
from tests.serving import running

from counterfoil.actions.counterfoil_20261121.describe_audit import ACTION
from counterfoil.store import embedded

LATE_S = 5


def audited(house: House, count: int, **members: Any) -> list[dict[str, Any]]:
    """The newest rows, once there are so many; they come up to a second late."""
    deadline = time.monotonic() + LATE_S
    while True:
        found = list(house.ask(ACTION.name, PLATFORM, **members)["Entries"])
        if len(found) >= count or time.monotonic() > deadline:
            assert len(found) == count, found
            return found
        time.sleep(0.05)


def of(house: House, by: Account, count: int, **members: Any) -> list[dict[str, Any]]:
    return audited(house, count, CallerUin=by.uin, **members)


def test_a_write_leaves_a_row(house: House) -> None:
    began = at()
    house.voucher()
    (row,) = of(house, house.reseller, 1)
    assert began <= row.pop("Time") <= at()
    assert len(row.pop("RequestId")) == 36
    assert row == {
        "AccountUin": house.reseller.uin,
        "CallerUin": house.reseller.uin,
        "SessionName": "",
        "SecretId": house.reseller.key.secret_id,
        "Address": "127.0.0.1",
        "Service": "counterfoil",
        "ActionName": "IssueVouchers",
        "Code": "",
        "RefusedCount": 0,
    }


def test_what_only_reads_leaves_none(house: House) -> None:
    house.ask("DescribeAccounts", house.reseller)
    house.voucher()
    (row,) = of(house, house.reseller, 1)
    assert row["ActionName"] == "IssueVouchers"


def test_a_refusal_leaves_a_row_under_its_request_id(house: House) -> None:
    sub_user = make_sub_user(house, house.customer)
    refused = [
        (Draft(PARTNER, key=sub_user.key), "AuthFailure.UnauthorizedOperation"),
        (Draft(PARTNER, key=house.customer.key), "UnauthorizedOperation.UinNoAuth"),
        (Draft(replace(PARTNER, action="Bogus"), key=house.customer.key), "InvalidAction"),
        (Draft(PARTNER, key=house.reseller.key, members={"X": 1}), "UnknownParameter"),
        (Draft(PARTNER, key=house.reseller.key), "FailedOperation"),
    ]
    answers = [ask(house.address, draft) for draft, _ in refused]
    assert [answer.error[0] for answer in answers] == [code for _, code in refused]
    rows = {
        row["RequestId"]: (row["ActionName"], row["Code"])
        for by, count in ((sub_user, 1), (house.customer, 4), (house.reseller, 2))
        for row in of(house, by, count)
    }
    for (draft, code), answer in zip(refused, answers, strict=True):
        assert rows[answer.response["RequestId"]] == (draft.api.action, code)


def test_refused_items_are_counted(house: House) -> None:
    good = {"CustomerUin": house.customer.uin, "Amount": "1", "ExpireTime": "2030-01-01 00:00:00"}
    house.items("IssueVouchers", house.reseller, "Vouchers", [good, {**good, "Amount": "-1"}])
    (row,) = of(house, house.reseller, 1)
    assert (row["Code"], row["RefusedCount"]) == ("", 1)


def test_strangers_leave_none(house: House) -> None:
    forged = replace(house.reseller, key=replace(house.reseller.key, secret_key="x"))
    assert house.refusal("DescribeAccounts", forged, {})[0] == "AuthFailure.SignatureFailure"
    house.voucher()
    assert len(of(house, house.reseller, 1)) == 1


def test_a_session_is_shown_by_its_name(house: House) -> None:
    arn = make_role(house, house.reseller, "counterfoil:CreateSubUser")
    session = make_session(house, house.reseller, arn, RoleSessionName="tonight")
    house.do("CreateSubUser", session, Name="x")
    assert not may(house, session)
    assert of(house, house.reseller, 4)[0]["ActionName"] == "AssumeRole"
    sql = "select role_id from role where main_uin = $1"
    ((role_id,),) = house.rows(sql, house.reseller.uin)
    rows = audited(house, 2, CallerUin=role_id)
    assert [row["ActionName"] for row in rows] == ["DescribePolicies", "CreateSubUser"]
    for row in rows:
        assert (row["SessionName"], row["SecretId"]) == ("tonight", session.key.secret_id)
        assert row["AccountUin"] == house.reseller.uin


def test_no_secret_is_in_it(house: House) -> None:
    made = house.do("CreateCredential", house.reseller)
    key = assume(house, house.reseller, make_role(house, house.reseller))["Credentials"]
    of(house, house.reseller, 3)
    text = "".join(row for (row,) in house.rows("select to_jsonb(a)::text from audit as a"))
    assert made["SecretKey"] not in text
    assert key["TmpSecretKey"] not in text
    assert key["Token"] not in text


def test_every_row_is_on_one_page_newest_first(house: House) -> None:
    for _ in range(5):
        house.voucher("1")
    house.do("CreateSubUser", house.reseller, Name="x")
    every = of(house, house.reseller, 6)
    assert every[0]["ActionName"] == "CreateSubUser"
    times = [row["Time"] for row in every]
    assert times == sorted(times, reverse=True)
    for members, rows in (
        ({}, every),
        ({"ActionName": "IssueVouchers"}, every[1:]),
        ({"BeginTime": times[-1], "EndTime": times[0]}, every),
        ({"EndTime": "2020-01-01 00:00:00"}, []),
        ({"BeginTime": "2040-01-01 00:00:00"}, []),
    ):
        asked = {"CallerUin": house.reseller.uin, **members}
        for limit in (1, 2, 6, 7):
            found, cursor = [], ""
            while True:
                page = house.ask(ACTION.name, PLATFORM, **asked, Limit=limit, Cursor=cursor)
                found += page["Entries"]
                cursor = page["Cursor"]
                if not cursor:
                    break
                assert len(page["Entries"]) == limit
            assert found == rows


def test_all_callers_are_shown_together(house: House) -> None:
    house.voucher()
    of(house, house.reseller, 1)
    newest = house.ask(ACTION.name, PLATFORM, Limit=1_000)["Entries"]
    issued = house.ask(ACTION.name, PLATFORM, ActionName="IssueVouchers", Limit=1_000)["Entries"]
    for rows in (newest, issued):
        assert house.reseller.uin in {row["CallerUin"] for row in rows}
    assert {row["ActionName"] for row in issued} == {"IssueVouchers"}


def test_what_waits_is_written_when_the_server_stops(tmp_path: Path) -> None:
    with running("--sample", data=tmp_path / "data") as server:
        house = House(server.address, embedded.dsn(server.data))
        house.voucher()
    with running("--sample", data=tmp_path / "data") as server:
        house.address = server.address
        assert len(of(house, house.reseller, 1)) == 1


def test_refusals(house: House) -> None:
    for members, refusal in [
        *(({"Limit": n}, out_of_range("Limit")) for n in (0, -1, 1_001)),
        *(({"ActionName": text}, not_a_text("ActionName")) for text in BAD_TEXTS),
        *(
            ({name: bad}, not_a_time(name))
            for name in ("BeginTime", "EndTime")
            for bad in BAD_TIMES
        ),
        *(({"Cursor": text}, BAD_CURSOR) for text in ("x", "1", "1.2.3", f"{2**63 - 1}.1")),
    ]:
        assert house.refusal(ACTION.name, PLATFORM, members) == refusal, members
    faults = [
        ({"Limit": 0}, out_of_range("Limit")),
        ({"ActionName": "\0"}, not_a_text("ActionName")),
        ({"BeginTime": "x"}, not_a_time("BeginTime")),
        ({"Cursor": "x"}, BAD_CURSOR),
    ]
    for done in range(len(faults)):
        spoilt = {name: value for members, _ in faults[done:] for name, value in members.items()}
        assert house.refusal(ACTION.name, PLATFORM, spoilt) == faults[done][1]


def test_who_may_call(house: House) -> None:
    check_callers(house, ACTION, PLATFORM_ONLY)
