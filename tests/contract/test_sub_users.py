"""What the official clients of a sub-user are answered: what its policies allow, and else the
refusal that the documents have for it."""

from typing import Any

import pytest
from tests.contract.access import (
    attach,
    make_sub_user,
    no_cam_auth,
    not_permitted,
    without_request_id,
)
from tests.contract.asking import PYTHON, WAYS, Key, Question, Refused, Way
from tests.contract.clients import Clients
from tests.contract.house import Account, House, Refusal
from tests.contract.house_rules import NO_PERMISSION
from tests.contract.node_client import Node
from tests.contract.python_clients import ask_python
from tests.contract.raw import BILLING, PARTNER, Draft, ask

BILLED = f"finance:{BILLING.action}"
PARTNERED = f"intlpartnersmgt:{PARTNER.action}"


def question(house: House, by: Account, voucher: int, service: str) -> Question:
    key = Key(by.key.secret_id, by.key.secret_key)
    if service == "billing":
        params: dict[str, Any] = {"Limit": 10, "Offset": 1, "VoucherId": str(voucher)}
        return Question(service, BILLING.action, params, key)
    params = {
        "Page": 1, "PageSize": 10, "CustomerUin": house.customer.uin, "VoucherId": voucher,
    }  # fmt: skip
    return Question(service, PARTNER.action, params, key)


def refusal(house: House, asked: Question) -> Refusal:
    """How the official Python client is refused."""
    with pytest.raises(Refused) as caught:
        ask_python(house.address, PYTHON, asked)
    assert f"[request id:{caught.value.request_id}]" in caught.value.message
    return without_request_id((caught.value.code, caught.value.message))


def test_it_sees_what_its_account_sees_where_a_policy_allows(house: House) -> None:
    voucher = house.voucher()
    house.usage()
    for account, service, operation, refused in (
        (house.customer, "billing", BILLED, no_cam_auth(BILLED)),
        (house.reseller, "intlpartnersmgt", PARTNERED, not_permitted(PARTNERED)),
    ):
        none = make_sub_user(house, account)
        assert refusal(house, question(house, none, voucher, service)) == refused
        other = make_sub_user(house, account, "counterfoil:*", "finance:Pay*")
        assert refusal(house, question(house, other, voucher, service)) == refused
        allowed = make_sub_user(house, account, operation)
        answers = [
            ask_python(house.address, PYTHON, question(house, by, voucher, service))
            for by in (account, allowed)
        ]
        for answer in answers:
            answer.pop("RequestId")
        assert answers[0] == answers[1]
        denied = make_sub_user(house, account, "*")
        attach(house, account, denied.uin, operation[:-3] + "*", effect="deny")
        assert refusal(house, question(house, denied, voucher, service)) == refused


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_every_client_reads_the_refusal(
    house: House, node: Node, tccli_home: Any, way: Way
) -> None:
    asked = question(house, make_sub_user(house, house.customer), 1, "billing")
    with pytest.raises(Refused) as caught:
        Clients(house.address, node, tccli_home).ask(way, asked)
    assert caught.value.code == no_cam_auth(BILLED)[0]
    assert BILLED in caught.value.message


def test_permission_does_not_make_up_for_the_kind(house: House) -> None:
    """A policy can't allow more than the account may, and is judged first."""
    allowed = make_sub_user(house, house.customer, "*")
    with pytest.raises(Refused) as caught:
        ask_python(house.address, PYTHON, question(house, allowed, 1, "intlpartnersmgt"))
    assert (caught.value.code, caught.value.message) == NO_PERMISSION
    none = make_sub_user(house, house.customer)
    asked = question(house, none, 1, "intlpartnersmgt")
    assert refusal(house, asked) == not_permitted(PARTNERED)


def test_no_parameter_is_looked_at_before(house: House) -> None:
    none = make_sub_user(house, house.reseller)
    draft = Draft(PARTNER, key=none.key, body=b'{"Bogus":1}')
    error = without_request_id(ask(house.address, draft).error)
    assert error == not_permitted(PARTNERED)


def test_a_sub_user_is_told_in_chinese(house: House) -> None:
    none = make_sub_user(house, house.reseller)
    draft = Draft(PARTNER, key=none.key, headers={"X-TC-Language": "zh-CN"})
    code, message = ask(house.address, draft).error
    assert code == "AuthFailure.UnauthorizedOperation"
    assert message.startswith("操作未授权，请检查CAM策略。[[request id:")
