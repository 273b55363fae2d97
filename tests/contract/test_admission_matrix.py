"""Who is let in to which action: every action there is × every kind of account × every identity
that can act for one. The cells follow from the declarations; what a caller who is let in may then
see is in `test_ownership_matrix`."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from tests.contract.access import (
    attach,
    make_role,
    make_session,
    make_sub_user,
    no_cam_auth,
    not_permitted,
    without_request_id,
)
from tests.contract.house import PLATFORM, Account, House, Refusal
from tests.contract.house_rules import NO_PERMISSION
from tests.contract.raw import Api, Draft, ask
from tests.serving import Running

from counterfoil.access.policy import operation_of
from counterfoil.actions.declaration import Action
from counterfoil.domain.account import AccountKind
from counterfoil.store import embedded
from counterfoil.wire.routes import all_actions

OPERATIONS = [operation_of(action.service, action.name) for action in all_actions()]

STRANGER = ("AuthFailure.SecretIdNotFound", "The SecretId is not found, please ensure that your ")
FORGER = ("AuthFailure.SignatureFailure", "The provided credentials could not be validated. ")
EXPIRED = ("AuthFailure.TokenFailure", "Token verification failed, please check if your ")


@dataclass(frozen=True)
class Caller:
    """An identity, and what becomes of it: refused as nobody that is known, or judged by policies
    that allow everything, nothing, or deny everything that they also allow."""

    name: str
    by: Account
    is_allowed: bool = True
    unknown: Refusal | None = None


@pytest.fixture(scope="module", params=AccountKind, ids=lambda kind: kind.value)
def kind(request: pytest.FixtureRequest) -> AccountKind:
    chosen: AccountKind = request.param
    return chosen


@pytest.fixture(scope="module")
def callers(kind: AccountKind, written_server: Running) -> list[Caller]:
    """Every identity of one account of a kind."""
    house = House(written_server.address, embedded.dsn(written_server.data))
    return list(identities(house, house.of_every_kind[kind.value]))


def identities(house: House, main: Account) -> Iterator[Caller]:
    yield Caller("account", main)
    yield Caller("sub-user without policies", make_sub_user(house, main), is_allowed=False)
    yield Caller("sub-user that may each", make_sub_user(house, main, *OPERATIONS))
    denied = make_sub_user(house, main, "*")
    attach(house, main, denied.uin, *OPERATIONS, effect="deny")
    yield Caller("sub-user that is denied each", denied, is_allowed=False)
    others = make_sub_user(house, main, "finance:Nothing", "counterfoil:Nothing*")
    yield Caller("sub-user that may others", others, is_allowed=False)
    powerful, powerless = make_role(house, main, "*"), make_role(house, main)
    yield Caller("session that may all", make_session(house, main, powerful))
    session = make_session(house, main, powerless)
    yield Caller("session that may nothing", session, is_allowed=False)
    expired = make_session(house, main, powerful, DurationSeconds=1)
    bare = replace(make_session(house, main, powerful), token=None)
    yield Caller("session without its token", bare, unknown=EXPIRED)
    spare = house.key(main.uin)
    house.do("DisableCredential", PLATFORM, SecretId=spare.secret_id)
    yield Caller("disabled key", Account(main.uin, spare), unknown=STRANGER)
    unheard = replace(main.key, secret_id="AKIDNOBODY")
    yield Caller("stranger", replace(main, key=unheard), unknown=STRANGER)
    forged = replace(main.key, secret_key="not-the-key")
    yield Caller("forger", replace(main, key=forged), unknown=FORGER)
    time.sleep(1.1)
    yield Caller("expired session", expired, unknown=EXPIRED)


@pytest.mark.parametrize("action", all_actions(), ids=lambda action: action.name)
def test_who_is_let_in(
    callers: list[Caller], kind: AccountKind, written_server: Running, action: Action
) -> None:
    for caller in callers:
        refusal = asked(written_server.address, action, caller.by)
        if caller.unknown is not None:
            code, beginning = caller.unknown
            assert refusal[0] == code, caller
            assert refusal[1].startswith(beginning), caller
        elif not caller.is_allowed:
            word = no_cam_auth if action.service == "billing" else not_permitted
            assert refusal == word(operation_of(action.service, action.name)), caller
        elif kind in action.roles:
            assert refusal[0] in ("MissingParameter", "UnknownParameter"), caller
        else:
            assert refusal == NO_PERMISSION, caller


def asked(address: str, action: Action, by: Account) -> Refusal:
    """The refusal of a request that no action would take."""
    api = Api(action.service, action.version, action.name, "", {})
    draft = Draft(api, key=by.key, body=b'{"Bogus":1}', common={"Token": by.token})
    return without_request_id(ask(address, draft).error)
