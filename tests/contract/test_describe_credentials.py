"""DescribeCredentials: an account's keys, page by page, and when each was last used."""

from pathlib import Path
from typing import Any

from tests.contract.access import make_role, make_session, make_sub_user
from tests.contract.house import PLATFORM, Account, House, at
from tests.contract.house_rules import EVERYONE, NO_SUCH_OBJECT, check_callers, out_of_range
from tests.contract.reading import BAD_CURSOR, check_refusals, pages
from tests.serving import running

from counterfoil.actions.counterfoil_20261121.describe_credentials import ACTION
from counterfoil.domain import errors
from counterfoil.store import embedded


def keys(house: House, by: Account, **members: Any) -> dict[str, dict[str, Any]]:
    found = house.ask(ACTION.name, by, **members)["Credentials"]
    return {key.pop("SecretId"): key for key in found}


def test_an_account_sees_its_keys_and_its_sub_users(house: House) -> None:
    sub_user = make_sub_user(house, house.reseller)
    shown = keys(house, house.reseller)
    assert {name: key["Uin"] for name, key in shown.items()} == {
        house.reseller.key.secret_id: house.reseller.uin,
        sub_user.key.secret_id: sub_user.uin,
    }
    assert all(key["DisabledTime"] is None for key in shown.values())
    assert keys(house, PLATFORM, Uin=house.reseller.uin).keys() == shown.keys()


def test_a_key_that_is_disabled_says_since_when(house: House) -> None:
    began = at()
    made = house.do("CreateCredential", house.reseller)
    house.do("DisableCredential", house.reseller, SecretId=made["SecretId"])
    key = keys(house, house.reseller)[made["SecretId"]]
    assert began <= key["CreatedTime"] <= key["DisabledTime"] <= at()


def test_the_last_use_is_written_when_the_server_stops(tmp_path: Path) -> None:
    with running("--sample", data=tmp_path / "data") as server:
        house = House(server.address, embedded.dsn(server.data))
        unused = house.do("CreateCredential", house.reseller)["SecretId"]
        session = make_session(house, house.reseller, make_role(house, house.reseller, "*"))
        began = at()
        house.ask("DescribePolicies", house.reseller)
        house.ask("DescribePolicies", session)
    with running("--sample", data=tmp_path / "data") as server:
        house.address = server.address
        shown = keys(house, PLATFORM, Uin=house.reseller.uin)
        used = shown.pop(house.reseller.key.secret_id)
        assert began <= used["LastUsedTime"] <= at()
        assert {name: key["LastUsedTime"] for name, key in shown.items()} == {unused: None}


def test_every_key_is_on_one_page(house: House) -> None:
    for _ in range(4):
        house.do("CreateCredential", house.reseller)
    every = sorted(keys(house, house.reseller))
    for limit in (1, 2, 5, 6):
        found = pages(house, ACTION, "Credentials", Limit=limit)
        assert [key["SecretId"] for page in found for key in page] == every
        assert all(len(page) == limit for page in found[:-1])


def test_refusals(house: House) -> None:
    check_refusals(
        house,
        ACTION,
        {},
        [
            *((errors.OutOfRange, {"Limit": n}, out_of_range("Limit")) for n in (0, -1, 1_001)),
            *((errors.BadCursor, {"Cursor": c}, BAD_CURSOR) for c in ("ä", "x" * 129, "\0")),
            *(
                (errors.NotFound, {"Uin": uin}, NO_SUCH_OBJECT)
                for uin in (0, house.customer.uin, house.distributor.uin, PLATFORM.uin)
            ),
        ],
    )


def test_who_may_call(house: House) -> None:
    check_callers(house, ACTION, EVERYONE)
