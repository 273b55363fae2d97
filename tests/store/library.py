"""A ledger as a program opens it, and a small tree made with it: a reseller with a customer."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from counterfoil import (
    AccountKind,
    Caller,
    Ledger,
    Line,
    NamedProduct,
    Purchase,
    Terms,
    VoucherFacts,
)

USD = 100_000_000
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

_numbers = count(1)


def token() -> str:
    """A token that nobody else has."""
    return f"token-{next(_numbers)}"


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Shop:
    """A reseller that returns what is refunded, with 1,000 USD of quota, and a customer of it."""

    ledger: Ledger
    reseller: Caller
    customer: Caller

    @property
    def uin(self) -> int:
        """The customer's number."""
        return self.customer.main_uin

    def bought(self, *amounts_micro: int, **labels: Any) -> Purchase:
        """A postpaid purchase with a line for each amount."""
        lines = tuple(
            Line("p_cvm", "sp_cvm_s1", amount_micro, self.uin) for amount_micro in amounts_micro
        )
        return Purchase(**{"pay_mode": "postpay", "lines": lines, **labels})

    async def issue(self, face_micro: int, **facts: Any) -> int:
        """The number of a new voucher of the customer's, valid for a day."""
        usual = {"begin_at": None, "end_at": now() + DAY, "terms": Terms()}
        issued = await self.ledger.issue(
            by=self.reseller,
            token=token(),
            customer_uin=self.uin,
            facts=VoucherFacts(face_micro=face_micro, **{**usual, **facts}),
        )
        return issued.voucher_no

    async def charge(self, *amounts_micro: int, **labels: Any) -> int:
        """The usage id of what one voucher paid."""
        charged = await self.ledger.charge(
            by=self.reseller,
            token=token(),
            customer_uin=self.uin,
            purchase=self.bought(*amounts_micro, **labels),
        )
        return charged.allocations[0].usage_id

    async def buckets(self, voucher_no: int) -> tuple[int, int, int, int, int]:
        """What is available, held, spent, expired and voided of a voucher."""
        (listed,) = await self.ledger.read.vouchers(customer_uin=self.uin, voucher_nos=[voucher_no])
        one = listed.voucher
        return (
            one.available_micro,
            one.held_micro,
            one.spent_micro,
            one.expired_micro,
            one.voided_micro,
        )


async def open_shop(ledger: Ledger) -> Shop:
    """A new shop, and what it sells."""
    admin = ledger.admin
    reseller = await admin.create_account(token=token(), kind=AccountKind.RESELLER, name="Reseller")
    by = await ledger.caller(reseller.uin)
    customer = await admin.create_account(
        by=by, token=token(), kind=AccountKind.CUSTOMER, name="Customer"
    )
    await admin.put_products(
        token=token(),
        products=[
            NamedProduct("p_cvm", "", "Cloud Virtual Machine", "云服务器", "CVM"),
            NamedProduct("p_cvm", "sp_cvm_s1", "Standard S1", "标准型S1", "CVM S1"),
        ],
    )
    await admin.set_policies(token=token(), partner_uin=by.main_uin, returns_on_refund=True)
    await ledger.adjust_quota(token=token(), partner_uin=by.main_uin, amount_micro=1_000 * USD)
    return Shop(ledger, by, await ledger.caller(customer.uin))
