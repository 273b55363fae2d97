"""CreateCredential: a key that works at once, and whose secret is shown once."""

import re
from typing import Any

from tests.contract.access import make_sub_user
from tests.contract.house import PLATFORM, Account, House, token
from tests.contract.house_rules import (
    BAD_TOKEN,
    EVERYONE,
    NO_SUCH_OBJECT,
    TOKEN_REUSED,
    check_callers,
    check_first_is_told,
    check_told,
)

from counterfoil.actions.counterfoil_20261121.create_credential import ACTION
from counterfoil.domain import errors
from counterfoil.ledger.sample import SampleKey


def asked(**members: object) -> dict[str, Any]:
    return {"ClientToken": token(), **members}


def with_key(uin: int, made: dict[str, Any]) -> Account:
    return Account(uin, SampleKey("", uin, made["SecretId"], made["SecretKey"]))


def own_uin(house: House, account: Account) -> int:
    """The account that a partner's key signs for."""
    return int(house.ask("DescribeAccounts", account, Limit=1)["Accounts"][0]["Uin"])


def test_a_key_signs_at_once_and_the_one_before_still_does(house: House) -> None:
    made = house.do(ACTION.name, house.reseller)
    assert re.fullmatch("AKID[0-9A-Za-z]{32}", made["SecretId"])
    assert re.fullmatch("[0-9A-Za-z]{32}", made["SecretKey"])
    for account in (house.reseller, with_key(house.reseller.uin, made)):
        assert own_uin(house, account) == house.reseller.uin


def test_no_two_keys_are_alike(house: House) -> None:
    made = [house.do(ACTION.name, house.customer) for _ in range(5)]
    assert len({one[name] for one in made for name in ("SecretId", "SecretKey")}) == 10


def test_the_secret_is_shown_once(house: House) -> None:
    good = asked(Uin=house.reseller.uin)
    made = house.send(ACTION.name, house.reseller, good)
    for _ in range(2):
        again = house.send(ACTION.name, house.reseller, good)
        assert again == {"SecretId": made["SecretId"], "SecretKey": None}
    assert house.refusal(ACTION.name, house.reseller, {"ClientToken": good["ClientToken"]}) == (
        TOKEN_REUSED
    )
    assert own_uin(house, with_key(house.reseller.uin, made)) == house.reseller.uin


def test_no_secret_is_stored_in_the_clear(house: House) -> None:
    made = house.do(ACTION.name, house.reseller)
    for table in ("credential", "idempotency"):
        rows = house.rows(f"select to_jsonb(t)::text from {table} as t")  # noqa: S608  # fixed names
        text = "".join(row for (row,) in rows)
        assert made["SecretId"] in text
        assert made["SecretKey"] not in text
        assert made["SecretKey"].encode().hex() not in text


def test_a_sub_user_signs_for_its_account(house: House) -> None:
    sub_user = make_sub_user(house, house.reseller, "counterfoil:*")
    made = house.do(ACTION.name, house.reseller, Uin=sub_user.uin)
    assert own_uin(house, with_key(sub_user.uin, made)) == house.reseller.uin
    foreign = asked(Uin=sub_user.uin)
    assert house.refusal(ACTION.name, house.distributor, foreign) == NO_SUCH_OBJECT


def test_a_sub_user_gets_no_key_of_the_account_itself(house: House) -> None:
    sub_user = make_sub_user(house, house.reseller, "counterfoil:*")
    other = make_sub_user(house, house.reseller)
    house.do(ACTION.name, sub_user, Uin=other.uin)
    for members in ({}, {"Uin": house.reseller.uin}):
        assert house.refusal(ACTION.name, sub_user, asked(**members)) == NO_SUCH_OBJECT


def test_for_whom_keys_are_made(house: House) -> None:
    house.do(ACTION.name, PLATFORM, Uin=house.customer.uin)
    house.do(ACTION.name, house.customer, Uin=house.customer.uin)
    for by, whose in (
        (house.reseller, house.customer),
        (house.distributor, house.sub_reseller),
        (house.customer, house.reseller),
        (house.reseller, PLATFORM),
    ):
        assert house.refusal(ACTION.name, by, asked(Uin=whose.uin)) == NO_SUCH_OBJECT


def test_refusals(house: House) -> None:
    check_told(
        house,
        ACTION,
        house.reseller,
        asked(),
        [
            *(
                (errors.NotFound, {"Uin": uin}, NO_SUCH_OBJECT)
                for uin in (0, -1, 2**63 - 1, house.customer.uin)
            )
        ],
    )


def test_the_first_fault_is_told(house: House) -> None:
    check_first_is_told(
        house,
        ACTION,
        house.reseller,
        asked(),
        [
            (errors.BadToken, {"ClientToken": "ä"}, BAD_TOKEN),
            (errors.NotFound, {"Uin": 1}, NO_SUCH_OBJECT),
        ],
    )


def test_who_may_call(house: House) -> None:
    check_callers(house, ACTION, EVERYONE)
