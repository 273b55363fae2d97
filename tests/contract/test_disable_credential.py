"""DisableCredential: a key stops working, for ever and within a second."""

import time
from dataclasses import replace
from typing import Any

from tests.contract.house import PLATFORM, Account, House, token
from tests.contract.house_rules import (
    BAD_TEXTS,
    BAD_TOKEN,
    EVERYONE,
    NO_SUCH_OBJECT,
    PAST_ITS_STATE,
    TOKEN_REUSED,
    check_callers,
    check_first_is_told,
    check_told,
    not_a_text,
)

from counterfoil.actions.counterfoil_20261121.disable_credential import ACTION
from counterfoil.domain import errors

STALE_S = 1.0


def asked(secret_id: str) -> dict[str, Any]:
    return {"ClientToken": token(), "SecretId": secret_id}


def is_known(house: House, account: Account) -> bool:
    """Whether the account's key is let in."""
    answer = house.send("DescribeProducts", account, {"Limit": 1})
    return answer.get("Error", {}).get("Code") != "AuthFailure.SecretIdNotFound"


def other_key(house: House, account: Account) -> Account:
    """The same account with a new key."""
    return replace(account, key=house.key(account.uin))


def test_a_disabled_key_stops_working_and_no_other_does(house: House) -> None:
    other = other_key(house, house.reseller)
    assert is_known(house, other)
    answer = house.do(ACTION.name, house.reseller, SecretId=other.key.secret_id)
    assert answer == {"SecretId": other.key.secret_id}
    time.sleep(STALE_S)
    assert not is_known(house, other)
    assert is_known(house, house.reseller)


def test_a_key_may_disable_itself(house: House) -> None:
    house.do(ACTION.name, house.customer, SecretId=house.customer.key.secret_id)
    time.sleep(STALE_S)
    assert not is_known(house, house.customer)


def test_whose_keys_may_be_disabled(house: House) -> None:
    house.do(ACTION.name, PLATFORM, SecretId=other_key(house, house.customer).key.secret_id)
    for by, whose in (
        (house.reseller, house.customer),
        (house.distributor, house.sub_reseller),
        (house.customer, house.reseller),
        (house.reseller, PLATFORM),
    ):
        members = asked(whose.key.secret_id)
        assert house.refusal(ACTION.name, by, members) == NO_SUCH_OBJECT
        assert is_known(house, whose)


def test_refusals(house: House) -> None:
    disabled = other_key(house, house.reseller).key.secret_id
    house.do(ACTION.name, house.reseller, SecretId=disabled)
    check_told(
        house,
        ACTION,
        house.reseller,
        asked(other_key(house, house.reseller).key.secret_id),
        [
            *((errors.BadText, {"SecretId": text}, not_a_text("SecretId")) for text in BAD_TEXTS),
            *(
                (errors.NotFound, {"SecretId": secret_id}, NO_SUCH_OBJECT)
                for secret_id in ("AKIDNOBODY", "密钥", house.customer.key.secret_id)
            ),
            (errors.NotOpen, {"SecretId": disabled}, PAST_ITS_STATE),
        ],
    )


def test_the_first_fault_is_told(house: House) -> None:
    check_first_is_told(
        house,
        ACTION,
        house.reseller,
        asked(other_key(house, house.reseller).key.secret_id),
        [
            (errors.BadText, {"SecretId": "x" * 257}, not_a_text("SecretId")),
            (errors.NotFound, {"SecretId": "AKIDNOBODY"}, NO_SUCH_OBJECT),
        ],
    )
    bad_token = {"SecretId": "AKIDNOBODY", "ClientToken": "ä"}
    assert house.refusal(ACTION.name, house.reseller, bad_token) == BAD_TOKEN


def test_sent_twice_it_answers_the_same(house: House) -> None:
    one, two = (other_key(house, house.reseller).key.secret_id for _ in range(2))
    good = asked(one)
    first = house.send(ACTION.name, house.reseller, good)
    assert house.send(ACTION.name, house.reseller, good) == first == {"SecretId": one}
    assert house.refusal(ACTION.name, house.reseller, {**good, "SecretId": two}) == TOKEN_REUSED


def test_who_may_call(house: House) -> None:
    check_callers(house, ACTION, EVERYONE)
