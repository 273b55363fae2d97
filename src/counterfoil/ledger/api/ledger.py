"""What is done with vouchers, from quota to the end of a voucher's life; and opening the ledger."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from counterfoil.clock import Clock
from counterfoil.domain.account import Caller
from counterfoil.domain.voucher import VoidKind
from counterfoil.ledger import results
from counterfoil.ledger.accounts import caller_of
from counterfoil.ledger.api.administration import Administration
from counterfoil.ledger.api.opening import opened
from counterfoil.ledger.api.reading import Reading
from counterfoil.ledger.api.session import Session
from counterfoil.ledger.book import Book
from counterfoil.ledger.charges import Capture, Charge, OpenHold, Purchase, Release
from counterfoil.ledger.corrections import Adjust, Refund
from counterfoil.ledger.ending import EndVoucher
from counterfoil.ledger.issuing import AdjustQuota, IssueVoucher, VoucherFacts
from counterfoil.ledger.sweeper import Sweeper
from counterfoil.settings import Settings, settings_of
from counterfoil.store.database import Database


class Ledger:
    """Opened with `Ledger.open`.

    A write names a `token`, 1 to 64 printable ASCII characters that the program chose: repeated
    under it, the same write has the same answer and no second effect. Writes that are awaited
    together, as by `asyncio.gather`, share a transaction.

    Every method may raise `Unavailable` when the database can't be reached; whether a write took
    effect, its token will tell. Every write may raise `TokenReused`, and `Invalid` for what can't
    be meant.
    """

    def __init__(self, database: Database, settings: Settings, operator: Caller) -> None:
        clock = Clock()
        book = Book(database, clock)
        self._session = Session(book, operator)
        self.read = Reading(self._session)
        self.admin = Administration(self._session, database, settings)
        self._database = database
        self._sweeper = Sweeper(database, book.process, clock)

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        dsn: str | None = None,
        *,
        data: Path | None = None,
        master_key_file: Path | None = None,
    ) -> AsyncIterator["Ledger"]:
        """The ledger in the database at `dsn`, or in the embedded PostgreSQL of the folder `data`,
        which runs for as long as somebody uses it. With neither, what `counterfoil serve` would
        open: COUNTERFOIL_DATABASE, COUNTERFOIL_DATA, or the default folder.

        What is missing is made: folder, schema, and the platform's account, the operator.
        `master_key_file` seals the secrets of keys; by default it is `master.key` in the folder,
        and is read when a key is made.

        Raises:
            Unusable: the folder or database can't be used; one line says why.
        """
        settings = settings_of(database=dsn, data=data, master_key_file=master_key_file)
        async with opened(settings) as (database, operator):
            yield cls(database, settings, operator)

    @property
    def operator(self) -> Caller:
        """The platform's account, which acts where `by` is not given."""
        return self._session.operator

    async def caller(self, uin: int) -> Caller:
        """Who acts as an account, or as a sub-user of one: what `by` takes.

        Raises:
            NotFound: there is neither with this number.
        """
        return await caller_of(self._database, uin)

    async def sweep(self) -> None:
        """Posts what time has made due: vouchers that have ended, holds past their deadline.

        Nothing that is read waits for it, but quota returns to its pool only when it is posted. A
        server on the same database does it by itself, every few seconds; a program that has the
        database for itself calls this now and then.
        """
        await self._sweeper.sweep()

    async def adjust_quota(
        self,
        *,
        token: str,
        partner_uin: int,
        amount_micro: int,
        reason: str = "",
        by: Caller | None = None,
    ) -> results.Quota:
        """Gives a partner quota, or takes unused quota back (negative).

        Raises:
            NotFound: no such partner below `by`.
            QuotaInsufficient: there is less than that to give or to take back.
        """
        return await self._session.write(
            AdjustQuota, by, token, owner_uin=partner_uin, amount_micro=amount_micro, reason=reason
        )

    async def issue(
        self, *, token: str, customer_uin: int, facts: VoucherFacts, by: Caller | None = None
    ) -> results.Issued:
        """Gives a customer a voucher, out of the quota of `by` (the platform needs none).

        Raises:
            NotFound: no such customer below `by`, or a product that the catalogue doesn't have.
            RoleRefused: a product trial that is not the platform's.
            QuotaInsufficient: the pool holds less than the face.
            Untimely: it would end before it begins, or has ended.
        """
        return await self._session.write(
            IssueVoucher, by, token, owner_uin=customer_uin, facts=facts
        )

    async def charge(
        self, *, token: str, customer_uin: int, purchase: Purchase, by: Caller | None = None
    ) -> results.Charged:
        """Pays a bill or order from the customer's vouchers; what they can't pay stays unpaid.

        Raises:
            NotFound: no such customer below `by`, or a voucher or product that is not there.
            Untimely: paid in the future or over 45 days ago, or completed before it was paid.
        """
        return await self._session.write(
            Charge, by, token, owner_uin=customer_uin, purchase=purchase
        )

    async def hold(
        self,
        *,
        token: str,
        customer_uin: int,
        purchase: Purchase,
        expires_at: datetime,
        by: Caller | None = None,
    ) -> results.Held:
        """Sets value aside for an order until it is captured, released, or `expires_at` comes.

        Raises:
            NotFound: as for `charge`.
            Untimely: as for `charge`, or the deadline has passed.
        """
        return await self._session.write(
            OpenHold, by, token, owner_uin=customer_uin, purchase=purchase, expires_at=expires_at
        )

    async def capture(
        self,
        *,
        token: str,
        customer_uin: int,
        hold_id: int,
        amount_micro: int | None = None,
        completed_at: datetime | None = None,
        by: Caller | None = None,
    ) -> results.Charged:
        """Spends what a hold set aside, all or the first `amount_micro`; the rest is let go.

        Raises:
            NotFound: no such hold of a customer below `by`.
            NotOpen: it was closed, or its deadline has come.
            ValueInsufficient: more than was set aside.
        """
        return await self._session.write(
            Capture,
            by,
            token,
            owner_uin=customer_uin,
            hold_id=hold_id,
            amount_micro=amount_micro,
            completed_at=completed_at,
        )

    async def release(
        self, *, token: str, customer_uin: int, hold_id: int, by: Caller | None = None
    ) -> results.Moved:
        """Lets go of all that a hold set aside.

        Raises:
            NotFound: no such hold of a customer below `by`.
            NotOpen: it was closed, or its deadline has come.
        """
        return await self._session.write(
            Release, by, token, owner_uin=customer_uin, hold_id=hold_id
        )

    async def refund(
        self,
        *,
        token: str,
        customer_uin: int,
        usage_id: int,
        amount_micro: int | None = None,
        reason: str = "",
        by: Caller | None = None,
    ) -> results.Corrected:
        """Gives back what a voucher paid, all or a part, as far as its terms let value return.

        Raises:
            NotFound: no such usage row of a customer below `by`.
            NotOpen: the row is itself a correction.
            ValueInsufficient: more than is left of the row.
        """
        return await self._session.write(
            Refund,
            by,
            token,
            owner_uin=customer_uin,
            usage_id=usage_id,
            amount_micro=amount_micro,
            reason=reason,
        )

    async def adjust(
        self,
        *,
        token: str,
        customer_uin: int,
        usage_id: int,
        amount_micro: int,
        bill_id: str = "",
        reason: str = "",
        by: Caller | None = None,
    ) -> results.Corrected:
        """Corrects what a voucher paid: more (positive) or less (negative).

        Raises:
            NotFound: no such usage row of a customer below `by`.
            NotOpen: the row is itself a correction, or the voucher that is to pay more has ended.
            ValueInsufficient: more than is left of the row, or available to add.
        """
        return await self._session.write(
            Adjust,
            by,
            token,
            owner_uin=customer_uin,
            usage_id=usage_id,
            amount_micro=amount_micro,
            bill_id=bill_id,
            reason=reason,
        )

    async def withdraw(
        self,
        *,
        token: str,
        customer_uin: int,
        voucher_no: int,
        reason: str = "",
        by: Caller | None = None,
    ) -> results.Moved:
        """Ends a voucher early: its issuer, or an account above it, takes the remainder back.

        Raises:
            NotFound: no such voucher that `by`, or a partner below it, has issued.
            NotOpen: it has ended already.
        """
        return await self._session.write(
            EndVoucher,
            by,
            token,
            owner_uin=customer_uin,
            voucher_no=voucher_no,
            kind=VoidKind.WITHDRAWN,
            reason=reason,
        )

    async def invalidate(
        self,
        *,
        token: str,
        customer_uin: int,
        voucher_no: int,
        reason: str = "",
        by: Caller | None = None,
    ) -> results.Moved:
        """Ends a voucher early on the platform's word.

        Raises:
            RoleRefused: `by` is not the platform.
            NotFound: the customer has no such voucher.
            NotOpen: it has ended already.
        """
        return await self._session.write(
            EndVoucher,
            by,
            token,
            owner_uin=customer_uin,
            voucher_no=voucher_no,
            kind=VoidKind.KILLED,
            reason=reason,
        )
