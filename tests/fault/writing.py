"""Clients that write over HTTP while something goes wrong, and remember what they were told."""

import json
from collections.abc import Mapping
from typing import Any

from tests.contract.raw import KEY_OF, Api, Connection, Draft

from counterfoil.ledger.sample import CUSTOMER_A

VERSION = "2026-11-21"
LATER = "2030-12-31 23:59:59"
LINE = {"ProductCode": "p_cvm", "SubProductCode": "sp_cvm_s1"}


class Unanswered(Exception):
    """No answer came: whether the write took effect, its token will tell."""


class Client:
    """The sample's reseller on a connection that stays open from call to call."""

    def __init__(self, address: str, profile: str = "reseller") -> None:
        self.address = address
        self._key = KEY_OF[profile]
        self._connection: Connection | None = None

    def call(self, action: str, members: Mapping[str, Any]) -> dict[str, Any]:
        """What a call answers, error or not.

        Raises:
            Unanswered: the connection broke, or can't be made.
        """
        api = Api("counterfoil", VERSION, action, "", {})
        draft = Draft(api, key=self._key, body=json.dumps(members).encode())
        try:
            self._connection = self._connection or Connection(self.address)
            self._connection.send(draft.message().encoded())
            answer = self._connection.receive()
        except OSError as error:
            self.close()
            raise Unanswered from error
        if answer is None or not answer.body:
            self.close()
            raise Unanswered
        return answer.response

    def close(self) -> None:
        """Hangs up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def charge_of(token: str, amount: str, customer_uin: int = CUSTOMER_A) -> dict[str, Any]:
    """One charge, as an item of a call."""
    return {
        "ClientToken": token,
        "CustomerUin": customer_uin,
        "PayMode": "postPay",
        "Lines": [{**LINE, "Amount": amount}],
    }


def give_vouchers(address: str, count: int, amount: str, customer_uin: int = CUSTOMER_A) -> None:
    """Issues vouchers to a customer of the sample, by its platform."""
    client = Client(address, "operator")
    items = [
        {"ClientToken": f"given-{customer_uin}-{n}", "CustomerUin": customer_uin,
         "Amount": amount, "ExpireTime": LATER}
        for n in range(count)
    ]  # fmt: skip
    results = client.call("IssueVouchers", {"Vouchers": items})["Results"]
    client.close()
    assert all("VoucherId" in result for result in results), results


GONE = ("InternalError.GatewayError",)


def has_failed(answer: dict[str, Any]) -> bool:
    """Whether a call as a whole was refused because the database was out of reach; what became of
    its items, their tokens will tell."""
    error = answer.get("Error")
    assert error is None or error["Code"] in GONE, answer
    return error is not None
