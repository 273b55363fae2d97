"""A partner tree of one test's own, made over the wire: accounts with keys, quota, vouchers, and
calls of Counterfoil's own service as they or the sample's platform sign them."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from itertools import count
from typing import Any

from tests.audit import breaches
from tests.contract.raw import KEY_OF, Api, Draft, ask

from counterfoil.ledger.sample import OPERATOR, SampleKey
from counterfoil.store.database import connect

Members = Mapping[str, Any]
Refusal = tuple[str, str]

SHOWN_ZONE = timezone(timedelta(hours=8))
LINE = {"ProductCode": "p_cvm", "SubProductCode": "sp_cvm_s1", "Amount": "10"}
LATER = "2030-12-31 23:59:59"

_numbers = count(1)


@dataclass(frozen=True)
class Account:
    """An identity and the key it signs with; a session's key goes with a token."""

    uin: int
    key: SampleKey = field(repr=False)
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class OneItem:
    """A house whose calls have one item each, in the list `name`; they answer as the item does."""

    house: "House"
    name: str

    def send(self, action: str, by: Account, members: Members) -> dict[str, Any]:
        """What the item of a call answers, error or not."""
        answer = self.house.send(action, by, {self.name: [members]})
        assert answer.keys() == {"Results"}, answer
        (result,) = answer["Results"]
        return dict(result)

    def refusal(self, action: str, by: Account, members: Members) -> Refusal:
        """Code and message with which the item of a call is refused."""
        return _refusal(self.send(action, by, members))

    def written(self) -> Counter[str]:
        """How many rows there are, as of the house."""
        return self.house.written()


PLATFORM = Account(OPERATOR, KEY_OF["operator"])


def token() -> str:
    """A client token that no other write of this process has."""
    return f"token-{next(_numbers)}"


def at(seconds: int = 0) -> str:
    """The time so many seconds from now, as the wire writes it."""
    return f"{datetime.now(SHOWN_ZONE) + timedelta(seconds=seconds):%Y-%m-%d %H:%M:%S}"


def soon() -> str:
    """A last second: far enough off for a slow machine to make what ends with it, and use it."""
    return at(3)


def wait_until_past(shown: str) -> None:
    """Until a second of the wire is over."""
    end = datetime.strptime(shown, "%Y-%m-%d %H:%M:%S").replace(tzinfo=SHOWN_ZONE)
    time.sleep(max(0, (end + timedelta(seconds=1) - datetime.now(SHOWN_ZONE)).total_seconds()))


def send(address: str, action: str, by: Account, members: Members) -> dict[str, Any]:
    """What a call answers, error or not, without its RequestId."""
    api = Api("counterfoil", "2026-11-21", action, "", {})
    body, common = json.dumps(members).encode(), {"Token": by.token}
    answer = ask(address, Draft(api, key=by.key, body=body, common=common))
    assert answer.status == 200
    return {name: value for name, value in answer.response.items() if name != "RequestId"}


class House:
    """The tree: a distributor with a second-level reseller, and a reseller, each with 1,000 USD of
    quota; a customer of the reseller's. More is made when asked for."""

    def __init__(self, address: str, dsn: str) -> None:
        self.address = address
        self._dsn = dsn
        self._owners: list[int] = []
        self.distributor = self.partner("distributor", PLATFORM)
        self.sub_reseller = self.partner("sub_reseller", self.distributor)
        self.reseller = self.partner("reseller", PLATFORM)
        self.customer = self.account("customer", self.reseller)

    @property
    def of_every_kind(self) -> dict[str, Account]:
        return {
            "platform": PLATFORM,
            "distributor": self.distributor,
            "reseller": self.reseller,
            "sub_reseller": self.sub_reseller,
            "customer": self.customer,
        }

    def account(self, kind: str, parent: Account) -> Account:
        """A new account with a key."""
        made = self.do("CreateAccount", PLATFORM, Kind=kind, ParentUin=parent.uin, Name="A house's")
        self._owners.append(made["Uin"])
        return Account(made["Uin"], self.key(made["Uin"]))

    def partner(self, kind: str, parent: Account) -> Account:
        """A new account with a key and quota of its own from the platform."""
        partner = self.account(kind, parent)
        self.do("AdjustVoucherQuota", PLATFORM, PartnerUin=partner.uin, Amount="1000")
        return partner

    def key(self, uin: int) -> SampleKey:
        """A new key of an account."""
        made = self.do("CreateCredential", PLATFORM, Uin=uin)
        return SampleKey("", uin, made["SecretId"], made["SecretKey"])

    def send(self, action: str, by: Account, members: Members) -> dict[str, Any]:
        """What a call answers, error or not."""
        return send(self.address, action, by, members)

    def do(self, action: str, by: Account, **members: Any) -> dict[str, Any]:
        """What a call answers that is not refused; under a token of its own unless one is given."""
        answer = self.send(action, by, {"ClientToken": token(), **members})
        assert "Error" not in answer, answer
        return answer

    def ask(self, action: str, by: Account, **members: Any) -> dict[str, Any]:
        """What a call that changes nothing answers."""
        answer = self.send(action, by, members)
        assert "Error" not in answer, answer
        return answer

    def refusal(self, action: str, by: Account, members: Members) -> Refusal:
        """Code and message with which a call is refused."""
        return _refusal(self.send(action, by, members))

    def items(self, action: str, by: Account, name: str, items: Sequence[Members]) -> list[Any]:
        """The results of a call with many items, each under a token of its own unless it names
        one."""
        sent = [{"ClientToken": token(), **item} for item in items]
        return list(self.ask(action, by, **{name: sent})["Results"])

    def voucher(self, amount: str = "100", **members: Any) -> int:
        """The number of a new voucher of the customer's, issued by the reseller unless `by` says
        another."""
        by = members.pop("by", self.reseller)
        asked = {"CustomerUin": self.customer.uin, "Amount": amount, "ExpireTime": LATER}
        (result,) = self.items("IssueVouchers", by, "Vouchers", [{**asked, **members}])
        assert "Error" not in result, result
        return int(result["VoucherId"])

    def usage(self, amount: str = "10", **members: Any) -> int:
        """The number of the usage record of a new charge, which one voucher pays."""
        charge = {
            "CustomerUin": self.customer.uin,
            "PayMode": "postPay",
            "Lines": [{**LINE, "Amount": amount}],
            **members,
        }
        (result,) = self.items("ChargeVouchers", self.reseller, "Charges", [charge])
        (allocation,) = result["Allocations"]
        return int(allocation["UsageId"])

    def hold(self, amount: str = "10", **members: Any) -> dict[str, Any]:
        """What a new hold on the customer's vouchers answers."""
        asked = {"Lines": [{**LINE, "Amount": amount}], "ExpireTime": LATER, **members}
        return self.do(
            "HoldVouchers",
            self.reseller,
            **{"CustomerUin": self.customer.uin, "PayMode": "prePay", **asked},
        )

    def left(self, voucher_no: int, owner: Account | None = None) -> dict[str, str]:
        """Where the value of a voucher stands, in USD: the buckets that are not empty."""
        buckets = "available_micro held_micro spent_micro expired_micro voided_micro"
        (row,) = self.rows(
            f"select {buckets.replace(' ', ', ')} from voucher "  # noqa: S608  # fixed names
            "where owner_uin = $1 and voucher_no = $2",
            (owner or self.customer).uin,
            voucher_no,
        )
        names = [name.removesuffix("_micro") for name in buckets.split()]
        return {
            name: f"{amount / 10**8:g}" for name, amount in zip(names, row, strict=True) if amount
        }

    def quota_left(self, partner: Account) -> str:
        """What a partner can still issue, in USD."""
        sql = "select available_micro from pool where partner_uin = $1"
        ((amount,),) = self.rows(sql, partner.uin)
        return f"{amount / 10**8:g}"

    def written(self) -> Counter[str]:
        """How many rows this tree's writes have left in each table of the books."""
        tables = {
            "voucher": "owner_uin",
            "usage": "owner_uin",
            "movement": "owner_uin",
            "hold": "owner_uin",
            "pool_movement": "partner_uin",
            "idempotency": "caller_uin",
            "account": "parent_uin",
            "credential": "main_uin",
            "sub_user": "main_uin",
            "role": "main_uin",
            "policy": "main_uin",
        }
        counts = (
            f"(select count(*) from {table} where {column} = any($1))"  # noqa: S608  # fixed names
            for table, column in tables.items()
        )
        ((row),) = self.rows(f"select {', '.join(counts)}", self._owners)
        return Counter(dict(zip(tables, row, strict=True)))

    def rows(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """What one statement finds in the server's database."""

        async def fetch() -> list[tuple[Any, ...]]:
            connection = await connect(self._dsn)
            try:
                return [tuple(row) for row in await connection.fetch(sql, *parameters)]
            finally:
                await connection.close()

        return asyncio.run(fetch())

    def broken(self) -> list[tuple[int, int, str]]:
        """What does not hold in the books of this tree."""

        async def check() -> list[tuple[int, int, str]]:
            connection = await connect(self._dsn)
            try:
                return await breaches(connection, self._owners, self._owners)
            finally:
                await connection.close()

        return asyncio.run(check())


def _refusal(answer: Mapping[str, Any]) -> Refusal:
    assert answer.keys() == {"Error"}, answer
    return answer["Error"]["Code"], answer["Error"]["Message"]
