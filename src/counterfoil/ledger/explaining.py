"""The dry run of a charge: what every voucher of the customer would pay, or why it would not.

Reads what the charge would read and judges it by the same function, so that the charge itself, made
right after, pays just that. Nothing is written.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from counterfoil.clock import Clock
from counterfoil.domain.account import Caller
from counterfoil.domain.burndown import Reason, Verdict
from counterfoil.ledger.authority import require_visible
from counterfoil.ledger.batch import Batch
from counterfoil.ledger.charges import Purchase, judge
from counterfoil.ledger.command import Needs, Origin, write_of
from counterfoil.ledger.desk import Desk
from counterfoil.store.database import Database
from counterfoil.store.gather import Gather
from counterfoil.store.reader import Reader
from counterfoil.store.voucher_pages import newest_vouchers

# Besides the vouchers that a charge considers, so many of the newest are looked at.
NEWEST_MAX = 1_000
# Each may read two thousand vouchers.
AT_ONCE_MAX = 16


@dataclass(frozen=True, slots=True)
class Explanation:
    """Verdicts in the order in which vouchers are considered; what is paid, and what is not."""

    paid_micro: int
    unpaid_micro: int
    verdicts: Sequence[Verdict]


@dataclass(frozen=True, slots=True)
class _Question:
    caller: Caller
    owner_uin: int
    purchase: Purchase


@dataclass(frozen=True, slots=True)
class _DryRun:
    """A charge that is judged and not made; `voucher_nos` are to be judged besides those that it
    considers."""

    origin: Origin
    owner_uin: int
    purchase: Purchase
    voucher_nos: Sequence[int]

    def needs(self) -> Needs:
        needs = self.purchase.needs()
        named = (*needs.vouchers, *self.voucher_nos)
        return Needs(candidates=needs.candidates, vouchers=named, products=needs.products)

    def decide(self, desk: Desk) -> Explanation:
        require_visible(desk.accounts, self.origin.caller, self.owner_uin)
        verdicts = judge(desk, self.owner_uin, self.purchase, stops_when_paid=False)
        self.purchase.bill(desk.now)  # refuses what a charge would
        judged = {verdict.voucher.voucher_no for verdict in verdicts}
        others = (v for v in desk.vouchers_of(self.owner_uin) if v.voucher_no not in judged)
        verdicts += (
            Verdict(voucher, Reason.NOT_NAMED)
            for voucher in sorted(others, key=lambda voucher: voucher.voucher_no)
        )
        paid_micro = sum(verdict.amount_micro for verdict in verdicts)
        return Explanation(paid_micro, self.purchase.amount_micro - paid_micro, verdicts)


class Explanations:
    """The dry runs of one server: those that come together are read together."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._reader = Reader()
        self._gather = Gather(self._run, batch_max=AT_ONCE_MAX)

    async def of_charge(self, caller: Caller, customer_uin: int, purchase: Purchase) -> Explanation:
        """What a charge would do now.

        Raises:
            NotFound: no such customer that the caller may see, or a voucher or product that is not
                there.
            Untimely: paid in the future or too long ago, or completed before it was paid.
            Unavailable: the database can't be reached just now.
        """
        answer = await self._gather.ask(_Question(caller, customer_uin, purchase))
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def _run(self, questions: Sequence[_Question]) -> list[Explanation | Exception]:
        owners = {question.owner_uin for question in questions}
        async with self._database.snapshot() as connection:
            newest = {
                owner_uin: await newest_vouchers(connection, owner_uin, NEWEST_MAX)
                for owner_uin in owners
            }
            batch = Batch(connection, _NoIds(), self._reader, self._clock, {})
            return await batch.look(
                [
                    write_of(
                        _DryRun(
                            Origin(question.caller, "explain", None, b""),
                            question.owner_uin,
                            question.purchase,
                            newest[question.owner_uin],
                        )
                    )
                    for question in questions
                ]
            )


class _NoIds:
    """What is only looked at needs no number."""

    def take(self, kind: str) -> int:
        return 0

    def voucher_code(self) -> str:
        return ""
