"""The ledger without HTTP between: the same use cases, for programs written in Python.

    async with counterfoil.Ledger.open() as ledger:
        await ledger.charge(by=reseller, token="order-1", customer_uin=customer, purchase=bought)

Amounts are integers of 1e-8 USD, instants are aware datetimes. `by` is the uin of the account that
acts; what it may do, and to whom, is judged as it is for a request that its key has signed. A write
repeated under its token has the same answer and no second effect.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from counterfoil.clock import Clock
from counterfoil.domain.account import Caller
from counterfoil.domain.errors import NotFound
from counterfoil.domain.voucher import VoidKind
from counterfoil.ledger import results
from counterfoil.ledger.book import Book
from counterfoil.ledger.charges import Capture, Charge, OpenHold, Purchase, Release
from counterfoil.ledger.command import Command, Origin
from counterfoil.ledger.corrections import Adjust, Refund
from counterfoil.ledger.ending import EndVoucher
from counterfoil.ledger.issuing import AdjustQuota, IssueVoucher, VoucherFacts
from counterfoil.settings import Settings
from counterfoil.store import embedded
from counterfoil.store.database import Database
from counterfoil.store.journal import read_accounts
from counterfoil.store.migrate import starting

Result = TypeVar("Result")


class Ledger:
    """Opened with `Ledger.open`. Every method may raise `Unavailable` when the database can't be
    reached: whether a write took effect, its token will tell."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._book = Book(database, clock)

    @classmethod
    @asynccontextmanager
    async def open(
        cls, dsn: str | None = None, *, data: Path | None = None
    ) -> AsyncIterator["Ledger"]:
        """The ledger in the database at `dsn`; with None, in the embedded PostgreSQL of the folder
        `data` (by default the server's), which runs for as long as somebody uses it.

        Raises:
            Unusable: the folder or database can't be used; one line says why.
        """
        folder = (data or Settings().data).absolute()
        server = None if dsn else await asyncio.to_thread(embedded.start, folder)
        try:
            where = dsn or embedded.dsn(folder)
            async with starting(where):
                database = await Database.open(where)
            try:
                yield cls(database, Clock())
            finally:
                await database.close()
        finally:
            if server is not None:
                await asyncio.to_thread(server.stop)

    async def adjust_quota(
        self, *, by: int, token: str, partner_uin: int, amount_micro: int, reason: str = ""
    ) -> results.Quota:
        """Gives a partner quota, or takes unused quota back (negative).

        Raises:
            NotFound: no such partner below `by`.
            QuotaInsufficient: there is less than that to give or to take back.
        """
        origin = await self._origin(by, token, "adjust_quota", partner_uin, amount_micro, reason)
        return await self._one(
            AdjustQuota(origin, partner_uin, amount_micro, reason), results.Quota
        )

    async def issue(
        self, *, by: int, token: str, customer_uin: int, facts: VoucherFacts
    ) -> results.Issued:
        """Gives a customer a voucher, out of the quota of `by` (the platform needs none).

        Raises:
            NotFound: no such customer below `by`, or a product that the catalogue doesn't have.
            QuotaInsufficient: the pool holds less than the face.
            BadInstant: it would end before it begins.
        """
        origin = await self._origin(by, token, "issue", customer_uin, facts)
        return await self._one(IssueVoucher(origin, customer_uin, facts), results.Issued)

    async def charge(
        self, *, by: int, token: str, customer_uin: int, purchase: Purchase
    ) -> results.Charged:
        """Pays a bill or order from the customer's vouchers; what they can't pay stays unpaid.

        Raises:
            NotFound: no such customer below `by`, or a voucher or product that is not there.
            BadInstant: paid in the future or over 45 days ago, or completed before it was paid.
        """
        origin = await self._origin(by, token, "charge", customer_uin, purchase)
        return await self._one(Charge(origin, customer_uin, purchase), results.Charged)

    async def hold(
        self, *, by: int, token: str, customer_uin: int, purchase: Purchase, expires_at: datetime
    ) -> results.Held:
        """Sets value aside for an order until it is captured, released, or `expires_at` comes.

        Raises:
            NotFound, BadInstant: as for `charge`; or the deadline has passed.
        """
        origin = await self._origin(by, token, "hold", customer_uin, purchase, expires_at)
        return await self._one(OpenHold(origin, customer_uin, purchase, expires_at), results.Held)

    async def capture(
        self,
        *,
        by: int,
        token: str,
        customer_uin: int,
        hold_id: int,
        amount_micro: int | None = None,
        completed_at: datetime | None = None,
    ) -> results.Charged:
        """Spends what a hold set aside, all or the first `amount_micro`; the rest is let go.

        Raises:
            NotFound: no such hold of a customer below `by`.
            NotOpen: it was closed, or its deadline has come.
            ValueInsufficient: more than was set aside.
        """
        origin = await self._origin(
            by, token, "capture", customer_uin, hold_id, amount_micro, completed_at
        )
        return await self._one(
            Capture(origin, customer_uin, hold_id, amount_micro, completed_at), results.Charged
        )

    async def release(
        self, *, by: int, token: str, customer_uin: int, hold_id: int
    ) -> results.Moved:
        """Lets go of all that a hold set aside.

        Raises:
            NotFound, NotOpen: as for `capture`.
        """
        origin = await self._origin(by, token, "release", customer_uin, hold_id)
        return await self._one(Release(origin, customer_uin, hold_id), results.Moved)

    async def refund(
        self,
        *,
        by: int,
        token: str,
        customer_uin: int,
        usage_id: int,
        amount_micro: int | None = None,
        reason: str = "",
    ) -> results.Corrected:
        """Gives back what a voucher paid, all or a part, as far as its terms let value return.

        Raises:
            NotFound: no such usage row of a customer below `by`.
            NotOpen: the row is itself a correction.
            ValueInsufficient: more than is left of the row.
        """
        origin = await self._origin(
            by, token, "refund", customer_uin, usage_id, amount_micro, reason
        )
        return await self._one(
            Refund(origin, customer_uin, usage_id, amount_micro, reason), results.Corrected
        )

    async def adjust(
        self,
        *,
        by: int,
        token: str,
        customer_uin: int,
        usage_id: int,
        amount_micro: int,
        bill_id: str = "",
        reason: str = "",
    ) -> results.Corrected:
        """Corrects what a voucher paid: more (positive) or less (negative).

        Raises:
            NotFound, NotOpen, ValueInsufficient: as for `refund`; adding needs a live voucher with
                so much available.
        """
        origin = await self._origin(
            by, token, "adjust", customer_uin, usage_id, amount_micro, bill_id, reason
        )
        return await self._one(
            Adjust(origin, customer_uin, usage_id, amount_micro, bill_id, reason),
            results.Corrected,
        )

    async def withdraw(
        self, *, by: int, token: str, customer_uin: int, voucher_no: int, reason: str = ""
    ) -> results.Moved:
        """Ends a voucher early: its issuer, or an account above it, takes the remainder back.

        Raises:
            NotFound: no such voucher that `by`, or a partner below it, has issued.
            NotOpen: it has ended already.
        """
        origin = await self._origin(by, token, "withdraw", customer_uin, voucher_no, reason)
        kind = VoidKind.WITHDRAWN
        end = EndVoucher(origin, customer_uin, voucher_no, kind, reason)
        return await self._one(end, results.Moved)

    async def invalidate(
        self, *, by: int, token: str, customer_uin: int, voucher_no: int, reason: str = ""
    ) -> results.Moved:
        """Ends a voucher early on the platform's word.

        Raises:
            RoleRefused: `by` is not the platform.
            NotFound: the customer has no such voucher.
            NotOpen: it has ended already.
        """
        origin = await self._origin(by, token, "invalidate", customer_uin, voucher_no, reason)
        end = EndVoucher(origin, customer_uin, voucher_no, VoidKind.KILLED, reason)
        return await self._one(end, results.Moved)

    async def run(self, commands: Sequence[Command]) -> list[Any]:
        """Many writes at once: the answer of each, or the error that refused it."""
        return await self._book.process.run(commands)

    async def _one(self, command: Command, kind: type[Result]) -> Result:
        (answer,) = await self._book.process.run([command])
        if isinstance(answer, Exception):
            raise answer
        assert isinstance(answer, kind)
        return answer

    async def _origin(self, by: int, token: str, action: str, *request: object) -> Origin:
        async with self._database.transaction() as connection:
            account = (await read_accounts(connection, [by])).get(by)
        if account is None:
            raise NotFound
        digest = hashlib.sha256(msgspec.json.encode([action, *request])).digest()
        return Origin(Caller(by, by, account.kind), action, token, digest)
