"""Accounts, keys and issuers that the sample doesn't hold: a tree of three levels in which
vouchers come from several of a customer's ancestors, sub-users, and keys that are disabled."""

import time
from collections.abc import Iterator

import pytest
from tests.contract.own_book import BEGINNING, END, add_key, key_of, serving, write
from tests.contract.raw import BILLING, KEY_OF, PARTNER, Draft, ask
from tests.contract.visibility import is_seen
from tests.importing import (
    ImportedAccount,
    ImportedLine,
    ImportedUsage,
    ImportedVoucher,
)
from tests.serving import Running

from counterfoil.domain.account import AccountKind
from counterfoil.domain.money import micro
from counterfoil.ledger.sample import SampleKey
from counterfoil.store.database import Connection

pytestmark = pytest.mark.xdist_group("own accounts")

UINS = {
    "platform": 100000000001,
    "distributor": 200000000100,
    "sub 1": 200000000110,
    "sub 2": 200000000120,
    "reseller": 200000000200,
    "of sub 1": 800000000001,
    "of distributor": 800000000002,
    "of reseller": 800000000003,
    "of platform": 800000000004,
}
PARENTS = {
    "distributor": "platform",
    "sub 1": "distributor",
    "sub 2": "distributor",
    "reseller": "platform",
    "of sub 1": "sub 1",
    "of distributor": "distributor",
    "of reseller": "reseller",
    "of platform": "platform",
}
KINDS = {
    "platform": AccountKind.PLATFORM,
    "distributor": AccountKind.DISTRIBUTOR,
    "sub 1": AccountKind.SUB_RESELLER,
    "sub 2": AccountKind.SUB_RESELLER,
    "reseller": AccountKind.RESELLER,
}
ACCOUNTS = [
    ImportedAccount(
        uin, KINDS.get(name, AccountKind.CUSTOMER), UINS.get(PARENTS.get(name, "")), name
    )
    for name, uin in UINS.items()
]

# Number, owner and issuer of every voucher.
VOUCHERS = [
    (32000001, "of sub 1", "sub 1"),
    (32000002, "of sub 1", "sub 2"),
    (32000003, "of sub 1", "distributor"),
    (32000004, "of sub 1", "platform"),
    (32000005, "of distributor", "distributor"),
    (32000006, "of distributor", "sub 1"),
    (32000007, "of distributor", "platform"),
    (32000008, "of reseller", "reseller"),
    (32000009, "of reseller", "platform"),
    (32000010, "of platform", "platform"),
]
USAGE = ImportedUsage("postpay", BEGINNING, BEGINNING, [ImportedLine("p", "sp", micro("1"))])
SUB_USER, FOREIGN_SUB_USER = 900000000001, 900000000002
DISABLED = UINS["of platform"]


async def add_sub_users(connection: Connection) -> None:
    """One sub-user of two customers; the key of a third is disabled."""
    await connection.execute(
        "insert into sub_user (uin, main_uin, name, created_at) "
        "values ($1, $2, 'one', now()), ($3, $4, 'one', now())",
        SUB_USER,
        UINS["of sub 1"],
        FOREIGN_SUB_USER,
        UINS["of reseller"],
    )
    await connection.execute(
        "update credential set disabled_at = now() where main_uin = $1", DISABLED
    )


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    vouchers = [
        ImportedVoucher(
            number, f"OWN{number}", UINS[owner], UINS[issuer], micro("5"), BEGINNING, END, [USAGE]
        )
        for number, owner, issuer in VOUCHERS
    ]
    with serving(ACCOUNTS, [], vouchers) as server:
        write(server, add_sub_users)
        yield server


@pytest.fixture(scope="module")
def address(server: Running) -> str:
    return server.address


@pytest.mark.parametrize("caller", ["distributor", "sub 1", "sub 2", "reseller"])
def test_a_voucher_is_seen_where_it_was_issued_and_above(address: str, caller: str) -> None:
    refusals = set()
    for number, owner, issuer in VOUCHERS:
        members = {"CustomerUin": UINS[owner], "VoucherId": number}
        answer = ask(address, Draft(PARTNER, members=members, key=key_of(UINS[caller])))
        response = answer.response
        if is_seen(caller, owner, issuer, PARENTS):
            assert response.get("TotalAmount") == 5, (owner, issuer)
        else:
            assert answer.error[0] == "FailedOperation", (owner, issuer)
            refusals.add(answer.body.replace(response["RequestId"].encode(), b""))
    assert len(refusals) == 1


@pytest.mark.parametrize("caller", [name for name, uin in UINS.items() if uin != DISABLED])
def test_an_owner_sees_its_own_whoever_issued_them(address: str, caller: str) -> None:
    for number, owner, issuer in VOUCHERS:
        for name in (str(number), f"OWN{number}"):
            draft = Draft(BILLING, members={"VoucherId": name}, key=key_of(UINS[caller]))
            count = ask(address, draft).response["TotalCount"]
            assert count == (caller == owner), (owner, issuer)


@pytest.mark.parametrize(
    ("operator", "code"),
    [
        (UINS["of sub 1"], ""),
        (SUB_USER, ""),
        (FOREIGN_SUB_USER, "UnauthorizedOperation.CamNoAuth"),
        (900000000003, "UnauthorizedOperation.CamNoAuth"),
        (UINS["sub 1"], "UnauthorizedOperation.CamNoAuth"),
        (UINS["platform"], "UnauthorizedOperation.CamNoAuth"),
    ],
)
@pytest.mark.parametrize("spelled", ["{}", '"{}"'])
def test_an_operator_is_the_caller_or_a_sub_user_of_it(
    address: str, operator: int, code: str, spelled: str
) -> None:
    members = {"VoucherId": "OWN32000001", "Operator": spelled.format(operator)}
    draft = Draft(BILLING, members=members, key=key_of(UINS["of sub 1"]))
    assert ask(address, draft).error[0] == code


def test_a_disabled_key_is_an_unknown_one(address: str) -> None:
    for key in (key_of(DISABLED), key_of(1), *KEY_OF.values()):
        code, message = ask(address, Draft(BILLING, key=key)).error
        assert code == "AuthFailure.SecretIdNotFound"
        assert message == "The SecretId is not found, please ensure that your SecretId is correct."


def test_a_key_comes_and_goes_within_a_second(server: Running) -> None:
    key = SampleKey("", UINS["of sub 1"], "AKIDCOMESANDGOES", "comes-and-goes")
    draft = Draft(BILLING, key=key)

    async def disable(connection: Connection) -> None:
        await connection.execute(
            "update credential set disabled_at = now() where secret_id = $1", key.secret_id
        )

    assert ask(server.address, draft).error[0] == "AuthFailure.SecretIdNotFound"
    add_key(server, key)
    time.sleep(1.01)
    assert ask(server.address, draft).error[0] == ""
    write(server, disable)
    time.sleep(1.01)
    assert ask(server.address, draft).error[0] == "AuthFailure.SecretIdNotFound"
