"""The working set of one transaction: what was read, what was decided, what is to be written.

Writes are decided here in memory, one after the other, so that a batch acts like its members one by
one. Rules that hold for every write stand here once: a movement's two sides, what comes back to a
voucher, and what that gives back to the pool.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from counterfoil.domain.account import Account, AccountKind, above
from counterfoil.domain.burndown import Place, Share
from counterfoil.domain.errors import NotFound
from counterfoil.domain.hold import HeldPart, Hold, HoldState
from counterfoil.domain.pool import Pool
from counterfoil.domain.postings import (
    Bill,
    Cause,
    Movement,
    PaidLine,
    PastUsage,
    PoolMovement,
    QuotaCause,
    UsagePosting,
)
from counterfoil.domain.voucher import Bucket, Terms, Voucher
from counterfoil.store.ids import Ids
from counterfoil.store.posting import NewVoucher
from counterfoil.store.reader import Candidates, Product

NO_CAUSE = QuotaCause()
# (issuer, terms as asked) → the terms with the issuer's policies, and their id.
SettledTerms = dict[tuple[int, Terms], tuple[Terms, int]]
Key = tuple[int, int]  # (owner_uin, number of a voucher or hold)


class TooFewRead(Exception):
    """A charge can't be decided yet: vouchers that were not read might pay it."""


@dataclass(slots=True)
class Desk:
    """`operation_id` and `actor_uin` are those of the write being decided. `read_to` is by owner
    the place up to which the vouchers that may pay were read, None where all were."""

    now: datetime
    ids: Ids
    accounts: dict[int, Account] = field(default_factory=dict)
    vouchers: dict[Key, Voucher] = field(default_factory=dict)
    read_to: dict[int, Place | None] = field(default_factory=dict)
    holds: dict[Key, Hold] = field(default_factory=dict)
    pools: dict[int, Pool] = field(default_factory=dict)
    terms: SettledTerms = field(default_factory=dict)
    products: set[Product] = field(default_factory=set)
    past_usages: dict[Key, PastUsage] = field(default_factory=dict)
    usages: list[UsagePosting] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)
    pool_movements: list[PoolMovement] = field(default_factory=list)
    new_vouchers: dict[Key, NewVoucher] = field(default_factory=dict)
    new_holds: dict[Key, Hold] = field(default_factory=dict)
    new_pools: dict[int, Pool] = field(default_factory=dict)
    touched_vouchers: set[Key] = field(default_factory=set)
    touched_holds: set[Key] = field(default_factory=set)
    touched_pools: set[int] = field(default_factory=set)
    moved_accounts: set[int] = field(default_factory=set)
    operation_id: int = 0
    actor_uin: int = 0
    _by_owner: defaultdict[int, list[Voucher]] = field(
        default_factory=lambda: defaultdict(list), repr=False
    )

    def is_above(self, partner_uin: int, uin: int) -> bool:
        """Whether an account stands above another in the partner tree."""
        return partner_uin in self.above(uin)

    def above(self, uin: int) -> list[int]:
        """The accounts above another, the nearest first."""
        return above(self.accounts, uin)

    def bind(self, customer_uin: int, parent_uin: int) -> None:
        """Puts a customer below another account."""
        account = self.accounts[customer_uin]
        self.accounts[customer_uin] = replace(account, parent_uin=parent_uin)
        self.moved_accounts.add(customer_uin)

    def require_products(self, products: Iterable[Product]) -> None:
        """Checks that the catalogue has these.

        Raises:
            NotFound: one is not there.
        """
        if not self.products.issuperset(products):
            raise NotFound

    def root_partner(self, uin: int) -> Account:
        """The partner directly below the platform on the way up from an account (which may be it).

        Raises:
            NotFound: no such account.
        """
        account = self.accounts.get(uin)
        if account is None:
            raise NotFound
        while account.parent_uin is not None:
            parent = self.accounts[account.parent_uin]
            if parent.kind is AccountKind.PLATFORM:
                break
            account = parent
        return account

    def voucher(self, owner_uin: int, voucher_no: int) -> Voucher:
        """A voucher that was read, due postings done.

        Raises:
            NotFound: the owner has no such voucher.
        """
        voucher = self.vouchers.get((owner_uin, voucher_no))
        if voucher is None:
            raise NotFound
        return voucher

    @property
    def row_count(self) -> int:
        """How many rows were posted so far."""
        return len(self.usages) + len(self.movements) + len(self.pool_movements)

    def can_return_quota(self, voucher: Voucher) -> bool:
        """Whether the pool that funded a voucher was read, or there is none."""
        return voucher.funder_uin is None or voucher.funder_uin in self.pools

    def vouchers_of(self, owner_uin: int) -> list[Voucher]:
        """All vouchers of an owner that were read or issued here."""
        if not self._by_owner:
            for voucher in self.vouchers.values():
                self._by_owner[voucher.owner_uin].append(voucher)
        return self._by_owner[owner_uin]

    def add_candidates(self, found: Candidates) -> None:
        """Adds vouchers that may pay; those that are here already stay as they have become."""
        self.vouchers = found.vouchers | self.vouchers
        self.read_to |= found.read_to
        self._by_owner.clear()

    def issue(self, new: NewVoucher) -> None:
        """Adds a voucher that did not exist; its face is still to be moved into it."""
        key = (new.voucher.owner_uin, new.voucher.voucher_no)
        self.vouchers[key] = new.voucher
        self.new_vouchers[key] = new
        self._by_owner.clear()

    def open_hold(self, hold: Hold) -> None:
        """Adds a hold that did not exist."""
        self.holds[hold.owner_uin, hold.hold_id] = hold
        self.new_holds[hold.owner_uin, hold.hold_id] = hold

    def leave_out(self, owner_uins: Collection[int]) -> None:
        """Drops what was posted about some owners and is still to be written."""
        self.usages = [usage for usage in self.usages if usage.owner_uin not in owner_uins]
        self.movements = [one for one in self.movements if one.owner_uin not in owner_uins]
        self.new_holds = {k: hold for k, hold in self.new_holds.items() if k[0] not in owner_uins}

    def pool(self, partner_uin: int) -> Pool:
        """A partner's pool; an empty new one where it has had no quota yet."""
        pool = self.pools.get(partner_uin)
        if pool is None:
            pool = Pool(partner_uin, 1, self.now, 0, 0, 0, 0, 0, 0, 0)
            self.pools[partner_uin] = self.new_pools[partner_uin] = pool
        return pool

    def touch(self, voucher: Voucher) -> None:
        """Has a voucher written although nothing was posted to it."""
        self.touched_vouchers.add((voucher.owner_uin, voucher.voucher_no))

    def spend(
        self,
        voucher: Voucher,
        bill: Bill,
        lines: tuple[PaidLine, ...],
        source: Bucket,
        cause: Cause,
    ) -> UsagePosting:
        """Posts a usage row from `available` or `held` to `spent`."""
        return self._post_usage(voucher, bill, lines, (source, Bucket.SPENT), cause)

    def unspend(
        self, voucher: Voucher, bill: Bill, lines: tuple[PaidLine, ...], cause: Cause
    ) -> UsagePosting:
        """Posts a usage row from `spent` to wherever value that comes back goes."""
        target = voucher.returned_value_goes_to(self.now)
        posting = self._post_usage(voucher, bill, lines, (Bucket.SPENT, target), cause)
        self._return_quota(voucher, target, posting.amount_micro, posting.usage_id)
        return posting

    def move(
        self, voucher: Voucher, source: Bucket, target: Bucket, amount_micro: int, cause: Cause
    ) -> Movement:
        """Posts a movement that leaves `spent` alone."""
        movement = Movement(
            owner_uin=voucher.owner_uin,
            voucher_no=voucher.voucher_no,
            posting_no=voucher.post(source, target, amount_micro),
            movement_id=self.ids.take("movement"),
            operation_id=self.operation_id,
            cause=cause,
            source=source,
            target=target,
            amount_micro=amount_micro,
            posted_at=self._posted(voucher),
            actor_uin=self.actor_uin,
        )
        self.movements.append(movement)
        self._return_quota(voucher, target, amount_micro, movement.movement_id)
        return movement

    def set_aside(self, voucher: Voucher, hold: Hold, shares: tuple[Share, ...]) -> None:
        """Moves a voucher's part of a hold from `available` to `held`."""
        part = HeldPart(voucher.voucher_no, len(hold.parts) + 1, shares)
        hold.parts.append(part)
        cause = Cause("hold", hold_id=hold.hold_id)
        self.move(voucher, Bucket.AVAILABLE, Bucket.HELD, part.amount_micro, cause)

    def let_go(self, hold: Hold, state: HoldState, kept: dict[int, int]) -> int:
        """Closes a hold: what is not `kept` (micro by voucher number) leaves `held`. The amount
        that was let go."""
        let_go_micro = 0
        kind = "lapse" if state is HoldState.LAPSED else "release"
        cause = Cause(kind, hold_id=hold.hold_id)
        for part in hold.parts:
            rest_micro = part.amount_micro - kept.get(part.voucher_no, 0)
            if rest_micro:
                voucher = self.voucher(hold.owner_uin, part.voucher_no)
                target = voucher.returned_value_goes_to(self.now)
                self.move(voucher, Bucket.HELD, target, rest_micro, cause)
                let_go_micro += rest_micro
        hold.state = state
        hold.closed_at = self.now
        self.touched_holds.add((hold.owner_uin, hold.hold_id))
        return let_go_micro

    def move_quota(
        self,
        partner_uin: int,
        kind: str,
        source: str,
        target: str,
        amount_micro: int,
        about: QuotaCause = NO_CAUSE,
    ) -> Pool:
        """Posts a movement of a pool; the pool."""
        pool = self.pools[partner_uin]
        ordinal = pool.post(source, target, amount_micro)
        pool.last_posted_at = max(self.now, pool.last_posted_at)
        self.touched_pools.add(partner_uin)
        self.pool_movements.append(
            PoolMovement(
                partner_uin=partner_uin,
                ordinal=ordinal,
                movement_id=self.ids.take("movement"),
                operation_id=self.operation_id,
                kind=kind,
                source=source,
                target=target,
                amount_micro=amount_micro,
                posted_at=pool.last_posted_at,
                actor_uin=self.actor_uin,
                about=about,
            )
        )
        return pool

    def _post_usage(
        self,
        voucher: Voucher,
        bill: Bill,
        lines: tuple[PaidLine, ...],
        buckets: tuple[Bucket, Bucket],
        cause: Cause,
    ) -> UsagePosting:
        source, target = buckets
        amount_micro = sum(line.amount_micro for line in lines)
        posting_no = voucher.post(source, target, amount_micro)
        voucher.record_count += 1
        posting = UsagePosting(
            owner_uin=voucher.owner_uin,
            voucher_no=voucher.voucher_no,
            ordinal=voucher.record_count,
            posting_no=posting_no,
            usage_id=self.ids.take("usage"),
            operation_id=self.operation_id,
            cause=cause,
            source=source,
            target=target,
            amount_micro=amount_micro,
            bill=bill,
            lines=lines,
            posted_at=self._posted(voucher),
            actor_uin=self.actor_uin,
        )
        self.usages.append(posting)
        return posting

    def posting_at(self, voucher: Voucher) -> datetime:
        """The instant of a posting: now, but never before the voucher's last one."""
        return max(self.now, voucher.last_posted_at)

    def _posted(self, voucher: Voucher) -> datetime:
        voucher.last_posted_at = self.posting_at(voucher)
        self.touched_vouchers.add((voucher.owner_uin, voucher.voucher_no))
        return voucher.last_posted_at

    def _return_quota(
        self, voucher: Voucher, target: Bucket, amount_micro: int, cause_id: int
    ) -> None:
        """Value that ends unspent gives its quota back where the voucher's terms say so."""
        terms = voucher.terms
        returns = (target is Bucket.EXPIRED and terms.returns_on_expiry) or (
            target is Bucket.VOIDED and terms.returns_on_withdrawal
        )
        if returns and voucher.funder_uin is not None:
            self.move_quota(
                voucher.funder_uin,
                "return",
                "returned",
                "available",
                amount_micro,
                QuotaCause(
                    voucher=(voucher.owner_uin, voucher.voucher_no), cause_movement_id=cause_id
                ),
            )
