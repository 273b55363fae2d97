"""One transaction's worth of writes: read what they need, decide each, write what was decided."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from counterfoil.clock import Clock
from counterfoil.domain.errors import Conflict
from counterfoil.domain.hold import HoldState
from counterfoil.ledger.command import Command, Needs, Write
from counterfoil.ledger.deciding import Decisions, answer_again, decide
from counterfoil.ledger.desk import Desk, Key, SettledTerms
from counterfoil.ledger.due import post_due
from counterfoil.ledger.results import recall, usages_named
from counterfoil.store import journal, posting
from counterfoil.store.database import Connection
from counterfoil.store.ids import Ids
from counterfoil.store.posting import Remembered
from counterfoil.store.reader import CANDIDATES_MAX, Reader

K = TypeVar("K", int, Key)
V = TypeVar("V")


class Batch:
    """Used once, inside one transaction."""

    def __init__(
        self,
        connection: Connection,
        ids: Ids,
        reader: Reader,
        clock: Clock,
        terms: SettledTerms,
    ) -> None:
        self._connection = connection
        self._ids = ids
        self._reader = reader
        self._clock = clock
        self._terms = terms

    async def run(self, writes: Sequence[Write], *, is_locking: bool) -> list[Any]:
        """The answer or refusal of each write, in order; their effects are in the transaction. A
        write whose answer is a `Conflict` has none: another writer changed what it had read.

        Raises:
            Conflict: another writer changed what was read, and nothing may be committed.
        """
        tokens = {write.token for write in writes if write.token is not None}
        recalled = await self._recall(await journal.find_tokens(self._connection, tokens))
        fresh = [write for write in writes if write.token not in recalled]
        candidates_max = CANDIDATES_MAX if is_locking else self._reader.instalments[0]
        desk = await self._read(fresh, is_locking=is_locking, candidates_max=candidates_max)
        post_due(desk)
        decisions = await self._decide(fresh, desk)
        overtaken = await self._write(desk, decisions.remembered)
        answers = iter(
            [
                Conflict() if write.command.owner_uin in overtaken else answer
                for write, answer in zip(fresh, decisions.answers, strict=True)
            ]
        )
        return [
            answer_again(write, recalled[write.token]) if write.token in recalled else next(answers)
            for write in writes
        ]

    async def look(self, writes: Sequence[Write]) -> list[Any]:
        """What commands that only look answer, or the refusal of each; nothing is written, what is
        due is taken as posted."""
        desk = await self._read(writes, is_locking=False, candidates_max=CANDIDATES_MAX)
        post_due(desk)
        return [decide(write.command, desk) for write in writes]

    async def _decide(self, writes: Sequence[Write], desk: Desk) -> Decisions:
        """Decides all, reading more of an owner's vouchers where too few were read."""
        decisions = Decisions(writes, desk)
        decisions.go_on()
        instalments = iter(self._reader.instalments[1:])
        while decisions.short:
            at_most = next(instalments, CANDIDATES_MAX)
            for owner_uin in sorted(decisions.short):
                desk.add_candidates(
                    await self._reader.first_candidates(
                        self._connection, owner_uin, desk.now, at_most
                    )
                )
            desk.now = self._clock.ledger()
            post_due(desk)
            decisions.go_on()
        return decisions

    async def _recall(
        self, kept: Mapping[journal.Token, journal.Kept]
    ) -> dict[journal.Token | None, tuple[bytes, Any]]:
        """The digests and answers that are kept under these tokens."""
        usages = await journal.read_paid_usages(
            self._connection,
            {
                (token[0], *place)
                for token, one in kept.items()
                for place in usages_named(one.answer)
            },
        )
        return {
            token: (one.digest, recall(token[0], one.answer, usages)) for token, one in kept.items()
        }

    async def _read(
        self, writes: Sequence[Write], *, is_locking: bool, candidates_max: int
    ) -> Desk:
        """What the writes need; with locks, taken in the order in which rows are written, of all
        that may be written."""
        needs = [(write.command, write.needs) for write in writes]
        locked = {c.owner_uin for c, need in needs if need.live or (is_locking and need.terms)}
        if locked or is_locking:
            await journal.be_patient(self._connection)
        await journal.lock_accounts(self._connection, locked)
        desk = await self._filled(needs, candidates_max)
        if is_locking:
            await journal.lock(self._connection, desk.holds, desk.vouchers, desk.pools)
            desk = await self._filled(needs, candidates_max)
        # Eligibility is judged by an instant after the reading and before the guarded writing.
        desk.now = self._clock.ledger()
        return desk

    async def _filled(self, needs: Sequence[tuple[Command, Needs]], candidates_max: int) -> Desk:
        """A desk with what the writes need. Writing is guarded by the versions of holds, vouchers
        and pools; what follows from a voucher's rows is therefore read after the voucher."""
        connection = self._connection
        desk = Desk(self._clock.ledger(), self._ids, terms=self._terms)
        owners = {command.owner_uin for command, _ in needs}
        if not owners:
            return desk
        desk.holds = await journal.read_holds(connection, _keys(needs, "holds"), owners, desk.now)
        desk.past_usages = await journal.read_past_usages(connection, _keys(needs, "usages"))
        named = _keys(needs, "vouchers")
        for hold in desk.holds.values():
            named |= {(hold.owner_uin, part.voucher_no) for part in hold.parts}
        for usage in desk.past_usages.values():
            named.add((usage.posting.owner_uin, usage.posting.voucher_no))
        paying = {command.owner_uin for command, need in needs if need.candidates}
        desk.add_candidates(
            await self._reader.candidates(connection, paying, desk.now, candidates_max)
        )
        desk.vouchers |= await self._reader.by_number(connection, named)
        stripped = {command.owner_uin for command, need in needs if need.live}
        live = await self._reader.live(connection, stripped, desk.now)
        desk.vouchers |= live
        await journal.add_corrections(connection, desk.past_usages)
        # What was named may give quota back, and is asked who issued it; a candidate only pays.
        asked = [desk.vouchers[key] for key in named | live.keys() if key in desk.vouchers]
        funders = {voucher.funder_uin for voucher in asked if voucher.funder_uin is not None}
        pools = _flat(need.pools for _, need in needs) | funders
        desk.pools = await journal.read_pools(connection, pools)
        uins = owners | _flat(need.accounts for _, need in needs)
        uins |= {command.origin.caller.main_uin for command, _ in needs}
        uins |= {voucher.issuer_uin for voucher in asked}
        desk.accounts = await journal.read_accounts(connection, uins)
        products = {product for _, need in needs for product in need.products}
        desk.products = await self._reader.products(connection, products)
        _require_held(desk)
        return desk

    async def _write(self, desk: Desk, remembered: Sequence[Remembered]) -> set[int]:
        """In one order everywhere, so that two writers seldom wait for each other: accounts, holds,
        vouchers, pools, tokens, each by its key; then what only follows from these. The owners of
        whom nothing was written, because somebody else wrote their vouchers since we read."""
        connection = self._connection
        await posting.move_accounts(
            connection, [desk.accounts[uin] for uin in sorted(desk.moved_accounts)], desk.now
        )
        await posting.append_vouchers(connection, _picked(desk.new_vouchers, desk.new_vouchers))
        await self._require_unmoved(desk)
        closed = desk.touched_holds - desk.new_holds.keys()
        await posting.write_holds(connection, _picked(desk.holds, closed))
        changed = desk.touched_vouchers - desk.new_vouchers.keys()
        written = await posting.write_vouchers(connection, _picked(desk.vouchers, changed))
        overtaken = {owner_uin for owner_uin, _ in changed - written}
        if overtaken:
            begun = {owner_uin for owner_uin, _ in written | closed | desk.new_vouchers.keys()}
            if desk.pool_movements or not overtaken.isdisjoint(begun | desk.moved_accounts):
                # Some of theirs is written already, or others counted on quota as they left it.
                raise Conflict
            desk.leave_out(overtaken)
        changed_pools = desk.touched_pools - desk.new_pools.keys()
        await posting.write_pools(connection, _picked(desk.pools, changed_pools))
        new_pools = desk.touched_pools & desk.new_pools.keys()
        await posting.append_pools(connection, _picked(desk.pools, new_pools))
        standing = [one for one in remembered if one.owner_uin not in overtaken]
        await posting.append_tokens(connection, standing, desk.now)
        await posting.append_holds(connection, list(desk.new_holds.values()))
        await posting.append_usages(connection, desk.usages)
        await posting.append_movements(connection, desk.movements)
        await posting.append_pool_movements(connection, desk.pool_movements)
        return overtaken

    async def _require_unmoved(self, desk: Desk) -> None:
        """A new voucher's row keeps its owner from being moved until we commit; whoever was moved
        before that belongs to another partner now, and its issue is judged anew.

        Raises:
            Conflict: somebody was moved since we read.
        """
        owners = {owner_uin for owner_uin, _ in desk.new_vouchers}
        if not owners:
            return
        parents = await journal.read_parents(self._connection, owners)
        if any(desk.accounts[uin].parent_uin != parent for uin, parent in parents.items()):
            raise Conflict


def _require_held(desk: Desk) -> None:
    """Holds were read a moment before their vouchers.

    Raises:
        Conflict: somebody closed a hold in between.
    """
    held: Counter[Key] = Counter()
    for hold in desk.holds.values():
        if hold.state is HoldState.OPEN:
            held.update({(hold.owner_uin, p.voucher_no): p.amount_micro for p in hold.parts})
    if any(desk.vouchers[key].held_micro < held_micro for key, held_micro in held.items()):
        raise Conflict


def _flat(groups: Iterable[Iterable[int]]) -> set[int]:
    return {number for group in groups for number in group}


def _keys(needs: Sequence[tuple[Command, Needs]], name: str) -> set[Key]:
    """The (owner, number) keys of what all commands name under one heading."""
    return {
        (command.owner_uin, number) for command, need in needs for number in getattr(need, name)
    }


def _picked(items: dict[K, V], keys: Iterable[K]) -> list[V]:
    """The items of these keys, in the keys' order."""
    return [items[key] for key in sorted(keys)]
