"""Who sees which voucher, byte for byte: every key × every account × every voucher number.

DescribeCustomerVoucherUsageDetails is for partners, by the rule of `visibility`; nobody else gets
past the role. DescribeVoucherUsageDetails is for everybody, and shows the caller's own vouchers
alone. Whatever can't be seen is refused in the same bytes
as what does not exist.
"""

import json
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
from tests.contract.raw import BILLING, KEY_OF, PARTNER, Draft, ask
from tests.contract.visibility import PARTNERS, is_seen
from tests.serving import Running


@dataclass(frozen=True)
class Account:
    uin: int
    kind: str
    parent: str


@dataclass(frozen=True)
class Voucher:
    number: int
    code: str
    owner: str
    issuer: str
    face_usd: int
    spent_micro: int
    records: int


ACCOUNTS = {
    "operator": Account(100000000001, "platform", ""),
    "distributor": Account(200000000100, "distributor", "operator"),
    "subreseller": Account(200000000110, "sub_reseller", "distributor"),
    "reseller": Account(200000000200, "reseller", "operator"),
    "customera": Account(800000495142, "customer", "reseller"),
    "customerb": Account(700000866965, "customer", "reseller"),
    "customerc": Account(800000190982, "customer", "subreseller"),
}
VOUCHERS = (
    Voucher(12130012, "SAMPLEVOUCHERA00000001", "customera", "reseller", 1, 100_000_000, 2),
    Voucher(12130013, "VHPIUDFG9GUZDESWPR4W99", "customerb", "reseller", 10, 10_000_000, 1),
    Voucher(
        12130014, "SAMPLEVOUCHERC00000001", "customerc", "subreseller", 2000, 123_400_000_000, 1234
    ),
)
PARENTS = {name: account.parent for name, account in ACCOUNTS.items() if account.parent}

CALLERS = tuple(ACCOUNTS)
UINS = (*(account.uin for account in ACCOUNTS.values()), 800000000000, 1, 0, -1)
NUMBERS = (*(voucher.number for voucher in VOUCHERS), 12130015, 1, 0, -1, 2**63 - 1)
NAMES = (
    *(voucher.code for voucher in VOUCHERS),
    *(voucher.code.lower() for voucher in VOUCHERS),
    *(str(voucher.number) for voucher in VOUCHERS),
    *("SAMPLEVOUCHERA00000002", "12130015", "0", "A", "x" * 5000, "'; --", "\0"),
)

ROLE_REFUSED = {
    "Code": "UnauthorizedOperation.UinNoAuth",
    "Message": "The current user doesn’t have permission for the operation.",
}
NOT_FOUND = {
    "Code": "FailedOperation",
    "Message": "Operation failed: the customer or voucher was not found.",
}
NO_AUTH = {
    "Code": "UnauthorizedOperation.CamNoAuth",
    "Message": "The account does not have CAM permission.",
}
NOTHING = {"TotalCount": 0, "TotalUsedAmount": 0, "UsageRecords": []}


def seen_by_partner(caller: str, uin: int, number: int) -> Voucher | None:
    for voucher in VOUCHERS:
        is_meant = (ACCOUNTS[voucher.owner].uin, voucher.number) == (uin, number)
        if is_meant and is_seen(caller, voucher.owner, voucher.issuer, PARENTS):
            return voucher
    return None


def seen_by_owner(caller: str, name: str) -> Voucher | None:
    return next(
        (v for v in VOUCHERS if v.owner == caller and name in (v.code, str(v.number))), None
    )


def asked(address: str, draft: Draft) -> tuple[bytes, dict[str, Any]]:
    """The answer's bytes and members, both without the RequestId."""
    body = ask(address, draft).body
    response = json.loads(body)["Response"]
    request_id = response.pop("RequestId").encode()
    return body.replace(request_id, b""), response


@pytest.mark.parametrize("month", ["", "1999-01"])
@pytest.mark.parametrize("caller", CALLERS)
def test_partners_see_what_they_or_theirs_issued_to_customers_in_their_tree(
    sample_server: Running, caller: str, month: str
) -> None:
    refusals = set()
    for uin, number in product(UINS, NUMBERS):
        members = {"CustomerUin": uin, "VoucherId": number, "Month": month, "PageSize": 1}
        draft = Draft(PARTNER, members=members, key=KEY_OF[caller])
        body, response = asked(sample_server.address, draft)
        voucher = seen_by_partner(caller, uin, number)
        if ACCOUNTS[caller].kind not in PARTNERS:
            assert response == {"Error": ROLE_REFUSED}, (uin, number)
            refusals.add(body)
        elif voucher is None:
            assert response == {"Error": NOT_FOUND}, (uin, number)
            refusals.add(body)
        else:
            shown = (response["TotalAmount"], response["TotalRecordsCount"])
            assert shown == (voucher.face_usd, voucher.records), (uin, number)
            in_month = voucher.records if month == "" else 0
            assert response["RecordsCountByMonth"] == in_month
            assert len(response["Data"]) == min(in_month, 1)
    assert len(refusals) == 1, "a refusal tells nothing of what it refuses"


@pytest.mark.parametrize("caller", CALLERS)
def test_owners_see_their_own(sample_server: Running, caller: str) -> None:
    empty = set()
    for name in NAMES:
        draft = Draft(BILLING, members={"VoucherId": name, "Limit": 1}, key=KEY_OF[caller])
        body, response = asked(sample_server.address, draft)
        voucher = seen_by_owner(caller, name)
        if voucher is None:
            assert response == NOTHING, name
            empty.add(body)
        else:
            shown = (response["TotalCount"], response["TotalUsedAmount"])
            assert shown == (voucher.records, voucher.spent_micro), name
            assert [row["VoucherId"] for row in response["UsageRecords"]] == [voucher.code]
    assert len(empty) == 1, "nothing to see looks like nothing there"


@pytest.mark.parametrize("caller", CALLERS)
def test_an_operator_is_the_caller_itself(sample_server: Running, caller: str) -> None:
    refusals = set()
    for uin in (*(account.uin for account in ACCOUNTS.values()), 800000000000, 1, 0, 10**17):
        members = {"Operator": str(uin), "VoucherId": VOUCHERS[0].code}
        draft = Draft(BILLING, members=members, key=KEY_OF[caller])
        body, response = asked(sample_server.address, draft)
        if uin == ACCOUNTS[caller].uin:
            assert response["TotalCount"] == (2 if caller == VOUCHERS[0].owner else 0)
        else:
            assert response == {"Error": NO_AUTH}, uin
            refusals.add(body)
    assert len(refusals) == 1, "a refusal does not tell whether the operator exists"


def test_the_matrix_has_both_sorts_of_cells() -> None:
    """A slip in the rule above must not make it refuse everything."""
    seen = {
        (caller, voucher.owner)
        for caller, uin, number in product(CALLERS, UINS, NUMBERS)
        if (voucher := seen_by_partner(caller, uin, number)) is not None
    }
    assert seen == {
        ("operator", "customera"),
        ("operator", "customerb"),
        ("operator", "customerc"),
        ("reseller", "customera"),
        ("reseller", "customerb"),
        ("distributor", "customerc"),
        ("subreseller", "customerc"),
    }
