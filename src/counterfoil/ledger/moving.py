"""Moving a customer below another account: another partner, or the platform, which unbinds it."""

from dataclasses import dataclass

from counterfoil.domain.account import PLACES, AccountKind
from counterfoil.domain.errors import Conflict, Misplaced, NotFound
from counterfoil.domain.voucher import VoidKind, Voucher
from counterfoil.ledger import results
from counterfoil.ledger.authority import is_or_is_above, require_above
from counterfoil.ledger.command import Needs, Origin
from counterfoil.ledger.desk import Desk
from counterfoil.ledger.ending import LIVE, end

REASON = "customer moved"


@dataclass(frozen=True, slots=True)
class Move:
    """The customer leaves the partners that do not stand above its new place. What they issued to
    it and is still live ends, its remainder's quota back where it came from by the vouchers' terms,
    unless they are kept; then those who are above the customer now see them."""

    origin: Origin
    owner_uin: int
    parent_uin: int
    keeps_vouchers: bool = False

    def needs(self) -> Needs:
        return Needs(accounts=(self.parent_uin,), live=True)

    def decide(self, desk: Desk) -> results.CustomerMoved:
        caller = self.origin.caller
        require_above(desk, caller, self.owner_uin)
        parent = desk.accounts.get(self.parent_uin)
        if parent is None or not is_or_is_above(desk, caller.main_uin, parent.uin):
            raise NotFound
        if parent.kind not in PLACES[AccountKind.CUSTOMER]:
            raise Misplaced
        ended = [] if self.keeps_vouchers else self._to_be_ended(desk)
        desk.bind(self.owner_uin, parent.uin)
        voided_micro = sum(end(desk, voucher, VoidKind.KILLED, REASON) for voucher in ended)
        return results.CustomerMoved(len(ended), voided_micro)

    def _to_be_ended(self, desk: Desk) -> list[Voucher]:
        """Live vouchers of the partners that are left.

        Raises:
            Conflict: one changed while it was read.
        """
        stay = {self.parent_uin, *desk.above(self.parent_uin)}
        left = set(desk.above(self.owner_uin)) - stay
        ended = [
            voucher
            for voucher in desk.vouchers_of(self.owner_uin)
            if voucher.issuer_uin in left and voucher.state(desk.now) in LIVE
        ]
        if not all(desk.can_return_quota(voucher) for voucher in ended):
            raise Conflict
        return sorted(ended, key=lambda voucher: voucher.voucher_no)
