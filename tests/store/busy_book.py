"""A book in which everything has happened at least once, for tests that look at books."""

from datetime import datetime, timedelta
from typing import Any

from tests.books import (
    Policies,
    StoppedClock,
    Tree,
    charge,
    grant,
    hold,
    issue,
    origin,
    plant,
)

from counterfoil.domain.account import Caller
from counterfoil.domain.voucher import VoidKind
from counterfoil.ledger.charges import Capture, Release
from counterfoil.ledger.command import Command
from counterfoil.ledger.corrections import Adjust, Refund
from counterfoil.ledger.ending import EndVoucher, Sweep
from counterfoil.ledger.process import Process
from counterfoil.store.database import Database

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
REFUNDING = Policies(on_refund=True, on_expiry=True, on_withdrawal=True)
KEEPING = Policies(on_refund=False, on_expiry=False, on_withdrawal=True)


class BusyBook:
    """Writes of a few months of 2026 by one process; `now` is where its clock stands."""

    def __init__(self, database: Database, tree: Tree) -> None:
        self.tree = tree
        self.clock = StoppedClock()
        self.process = Process(database, self.clock)

    async def do(self, command: Command) -> Any:
        """The answer of one write, an hour after the one before."""
        self.clock.now += HOUR
        (answer,) = await self.process.run([command])
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def fill(self) -> None:
        """Every kind of write, by partners whose vouchers give back all, and some."""
        await self._fund()
        for partner, customer_uin in (
            (self.tree.reseller, self.tree.customers[3]),
            (self.tree.sub_reseller, self.tree.customers[1]),
            (self.tree.platform, self.tree.customers[4]),
        ):
            await self._live(partner, customer_uin)

    async def _fund(self) -> None:
        tree = self.tree
        await self.do(grant(tree.platform, tree.reseller.main_uin, 100_000))
        await self.do(grant(tree.platform, tree.distributor.main_uin, 50_000))
        await self.do(grant(tree.distributor, tree.sub_reseller.main_uin, 40_000))
        await self.do(grant(tree.distributor, tree.sub_reseller.main_uin, -5_000))
        await self.do(grant(tree.platform, tree.reseller.main_uin, -1_000))

    async def _live(self, by: Caller, owner: int) -> None:
        """One customer's life: a voucher that lasts, one that ends soon, one taken back."""
        now = self.clock.now
        lasting = await self._issue(by, owner, 5_000, now + 300 * DAY)
        soon = await self._issue(by, owner, 900, now + 40 * DAY)
        taken = await self._issue(by, owner, 700, now + 200 * DAY)
        for n in range(6):
            await self.do(charge(by, owner, 30 + n, 20, voucher_nos=(lasting,)))
            self.clock.now += 10 * DAY if n == 2 else DAY
        paid = await self.do(charge(by, owner, 400, 300, voucher_nos=(soon, taken, lasting)))
        late, other = paid.allocations[0].usage_id, paid.allocations[-1].usage_id
        await self.do(charge(by, owner, 10, product="p_cbs", voucher_nos=(lasting,)))
        await self.do(charge(by, owner, 10, pay_scene="renew", voucher_nos=(taken,)))
        await self._holds(by, owner, lasting, soon)
        await self.do(Refund(origin(by), owner, other, 5))
        await self.do(Adjust(origin(by), owner, other, 7))
        await self.do(Adjust(origin(by), owner, other, -3))
        await self.do(EndVoucher(origin(by), owner, taken, VoidKind.WITHDRAWN, "mistake"))
        self.clock.now = now + 41 * DAY
        await self.do(Sweep(origin(by), owner, (soon,)))
        await self.do(Refund(origin(by), owner, late))
        await self.do(charge(by, owner, 11, voucher_nos=(lasting,)))

    async def _holds(self, by: Caller, owner: int, lasting: int, soon: int) -> None:
        both = {"voucher_nos": (soon, lasting)}
        deadline = self.clock.now + 20 * DAY
        held = await self.do(hold(by, owner, 150, 100, expires_at=deadline, **both))
        await self.do(Capture(origin(by), owner, held.hold_id, 120))
        held = await self.do(hold(by, owner, 60, expires_at=deadline, **both))
        await self.do(Release(origin(by), owner, held.hold_id))
        await self.do(hold(by, owner, 50, expires_at=self.clock.now + DAY, **both))
        await self.do(hold(by, owner, 40, expires_at=deadline + 300 * DAY, **both))
        await self.do(hold(by, owner, 40, pay_scene="renew", product="p_cbs",
                           expires_at=deadline + 300 * DAY, voucher_nos=(lasting,)))  # fmt: skip
        self.clock.now += 2 * DAY

    async def _issue(self, by: Caller, owner: int, face_micro: int, end_at: datetime) -> int:
        issued = await self.do(issue(by, owner, face_micro, begin_at=None, end_at=end_at))
        voucher_no: int = issued.voucher_no
        return voucher_no


async def busy_book(database: Database) -> BusyBook:
    """A filled book in a database at the current schema."""
    tree = await plant(database, sub_reseller=KEEPING, reseller=REFUNDING)
    book = BusyBook(database, tree)
    await book.fill()
    return book
