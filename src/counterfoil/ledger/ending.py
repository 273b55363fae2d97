"""Ending vouchers: by their issuer, by the platform, or by time (the sweeper)."""

from dataclasses import dataclass

from counterfoil.domain.account import AccountKind, Caller
from counterfoil.domain.errors import NotFound, NotOpen, RoleRefused
from counterfoil.domain.postings import Cause
from counterfoil.domain.voucher import Bucket, State, VoidKind, Voucher
from counterfoil.ledger import results
from counterfoil.ledger.authority import is_or_is_above, require_above
from counterfoil.ledger.command import Needs, Origin
from counterfoil.ledger.desk import Desk

LIVE = (State.USABLE, State.ISSUED)

_OURSELVES = Origin(Caller(0, 0, AccountKind.PLATFORM), "sweep", None, b"")


@dataclass(frozen=True, slots=True)
class EndVoucher:
    """Ends a voucher early: its whole remainder goes to `voided`. Open holds stay; what they let go
    of later is voided too."""

    origin: Origin
    owner_uin: int
    voucher_no: int
    kind: VoidKind
    reason: str = ""

    def needs(self) -> Needs:
        return Needs(vouchers=(self.voucher_no,))

    def decide(self, desk: Desk) -> results.Moved:
        caller = self.origin.caller
        if self.kind is VoidKind.KILLED and caller.kind is not AccountKind.PLATFORM:
            raise RoleRefused
        require_above(desk, caller, self.owner_uin)
        voucher = desk.voucher(self.owner_uin, self.voucher_no)
        if caller.kind is not AccountKind.PLATFORM and not is_or_is_above(
            desk, caller.main_uin, voucher.issuer_uin
        ):
            raise NotFound
        if voucher.state(desk.now) not in LIVE:
            raise NotOpen
        return results.Moved(end(desk, voucher, self.kind, self.reason))


def end(desk: Desk, voucher: Voucher, kind: VoidKind, reason: str) -> int:
    """Ends a live voucher; what was left of it."""
    voucher.void_kind = kind
    voucher.void_reason = reason
    voucher.voided_at = desk.now
    amount_micro = voucher.available_micro
    if amount_micro:
        cause = Cause("void", reason=reason)
        desk.move(voucher, Bucket.AVAILABLE, Bucket.VOIDED, amount_micro, cause)
    desk.touch(voucher)
    return amount_micro


@dataclass(frozen=True, slots=True)
class Sweep:
    """Reads what is due of one owner; reading it for a write is what posts it."""

    origin: Origin
    owner_uin: int
    voucher_nos: tuple[int, ...]

    def needs(self) -> Needs:
        return Needs(vouchers=self.voucher_nos)

    def decide(self, desk: Desk) -> results.Done:
        return results.Done()


def sweep(owner_uin: int, *voucher_nos: int) -> Sweep:
    """A sweep of the ledger's own; of no voucher, it is for its owner's holds."""
    return Sweep(_OURSELVES, owner_uin, voucher_nos)
