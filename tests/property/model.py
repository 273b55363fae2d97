"""The ledger in plain Python: what each write must answer, and what it must leave behind.

Nothing here is shared with the code under test: amounts are shared out by fractions, time acts on
dictionaries, and nobody cares for speed. Ids are the ledger's to choose, so they are read off its
answers; everything else is worked out.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from tests.property.model_values import Hold, Pool, Usage, Voucher, covers

BACKDATING = timedelta(days=45)
UNKNOWN = -1

Answer = tuple[Any, ...]


class No(Exception):
    """A refusal, by the name of its error."""


class Model:
    """The books of one tree of accounts, `kinds` and `parents` by uin, `policies` by partner."""

    def __init__(
        self, kinds: dict[int, str], parents: dict[int, int], policies: dict[int, Any]
    ) -> None:
        self.kinds = kinds
        self.parents = parents
        self.policies = policies
        self.vouchers: dict[int, Voucher] = {}
        self.holds: dict[int, Hold] = {}
        self.usages: dict[int, Usage] = {}
        self.pools: dict[int, Pool] = {}
        self.tokens: dict[tuple[int, int, str], tuple[bytes, Answer]] = {}

    def batch(
        self, commands: Sequence[Any], given: Sequence[Answer], now: datetime
    ) -> list[Answer]:
        """What these writes must answer at this instant; `given` is what they did answer, from
        which nothing but ids is taken."""
        known = {id(c): self._known(c) for c in commands}
        fresh = [c for c in commands if known[id(c)] is None]
        read = {v.no for c in fresh for v in self._named(c)}
        self._post_due({c.owner_uin for c in fresh}, read, now)
        expected = []
        for command, answer in zip(commands, given, strict=True):
            told = known[id(command)] or self._known(command)
            expected.append(told or self._decided(command, answer, now))
        return self._with_quota_back(commands, given, expected, now)

    def _with_quota_back(
        self,
        commands: Sequence[Any],
        given: Sequence[Answer],
        expected: list[Answer],
        now: datetime,
    ) -> list[Answer]:
        """The same, after what lacked quota was tried again, where some was due to come back."""
        short = [n for n, answer in enumerate(expected) if answer == ("QuotaInsufficient",)]
        asked = [commands[n] for n in short]
        pools = {uin for c in asked for uin in (c.owner_uin, c.origin.caller.main_uin)}
        due = [v for v in self._due(now) if v.funder in pools]
        if not due:
            return expected
        self._post_due({v.owner for v in due}, {v.no for v in due}, now)
        for n in short:
            one = commands[n]
            expected[n] = self._known(one) or self._decided(one, given[n], now)
        return expected

    def _due(self, now: datetime) -> list[Voucher]:
        """The vouchers that give back value, and perhaps quota, once it is posted."""
        ended = [
            v for v in self.vouchers.values()
            if v.void is None and now >= v.asked.end_at and v.available and v.policies.on_expiry
        ]  # fmt: skip
        late = [hold for hold in self.holds.values() if hold.state == "open"]
        return ended + [
            v for hold in late if now >= hold.expires for v, _ in hold.parts
            if v.void is not None or now >= v.asked.end_at
        ]  # fmt: skip

    def _known(self, command: Any) -> Answer | None:
        """What is remembered under its token."""
        found = self.tokens.get(_token(command))
        if found is None:
            return None
        digest, answer = found
        return answer if digest == command.origin.digest else ("TokenReused",)

    def _decided(self, command: Any, given: Answer, now: datetime) -> Answer:
        ids = _ids_of(given)
        try:
            answer: Answer = getattr(self, f"_{type(command).__name__.lower()}")(command, ids, now)
        except No as refusal:
            return (str(refusal),)
        if command.origin.token is not None:
            self.tokens[_token(command)] = (command.origin.digest, answer)
        return answer

    # What is due

    def _post_due(self, owners: set[int], read: set[int], now: datetime) -> None:
        """What time has made due on the holds of these owners and on these vouchers."""
        for hold in self.holds.values():
            if hold.owner in owners and hold.state == "open" and now >= hold.expires:
                self._let_go(hold, "lapsed", {}, now)
                read |= {v.no for v, _ in hold.parts}
        for no in sorted(read):
            voucher = self.vouchers[no]
            if voucher.void is None and now >= voucher.asked.end_at and voucher.available:
                self._post(voucher, "available", "expired", voucher.available)

    def _named(self, command: Any) -> list[Voucher]:
        """The vouchers that a write names: itself, by a hold, or by a usage row."""
        numbers = [getattr(command, "voucher_no", None), *getattr(command, "voucher_nos", ())]
        if hasattr(command, "purchase"):
            numbers += command.purchase.voucher_nos
        hold = self.holds.get(getattr(command, "hold_id", UNKNOWN))
        if hold is not None:
            numbers += [v.no for v, _ in hold.parts]
        usage = self.usages.get(getattr(command, "usage_id", UNKNOWN))
        if usage is not None:
            numbers.append(usage.voucher.no)
        found = [self.vouchers[no] for no in numbers if no in self.vouchers]
        return [v for v in found if v.owner == command.owner_uin]

    def _post(self, voucher: Voucher, source: str, target: str, amount: int) -> None:
        assert amount > 0
        voucher.buckets[source] -= amount
        voucher.buckets[target] += amount
        assert min(voucher.buckets.values()) >= 0
        goes_back = (target == "expired" and voucher.policies.on_expiry) or (
            target == "voided" and voucher.policies.on_withdrawal
        )
        if goes_back and voucher.funder is not None:
            pool = self.pools[voucher.funder]
            pool.available += amount
            pool.returned += amount

    def _let_go(self, hold: Hold, state: str, kept: dict[int, int], now: datetime) -> int:
        hold.state = state
        total = 0
        for voucher, shares in hold.parts:
            rest = sum(shares.values()) - kept.get(voucher.no, 0)
            if rest:
                self._post(voucher, "held", voucher.comes_back_to(now), rest)
                total += rest
        return total

    # Who may

    def _above(self, uin: int) -> list[int]:
        line = []
        while uin in self.parents:
            uin = self.parents[uin]
            line.append(uin)
        return line

    def _is_above(self, upper: int, lower: int) -> bool:
        return upper in self._above(lower)

    def _require_customer(self, command: Any) -> None:
        customer, by = command.owner_uin, command.origin.caller.main_uin
        if self.kinds.get(customer) != "customer" or not self._is_above(by, customer):
            raise No("NotFound")

    def _root(self, uin: int) -> int:
        while self.kinds[self.parents[uin]] != "platform":
            uin = self.parents[uin]
        return uin

    # Quota and issue

    def _adjustquota(self, command: Any, ids: Iterator[int], now: datetime) -> Answer:
        by, below = command.origin.caller.main_uin, command.owner_uin
        amount = command.amount_micro
        if self.kinds.get(below, "customer") in ("customer", "platform"):
            raise No("NotFound")
        if not self._is_above(by, below):
            raise No("NotFound")
        pool = self.pools.get(below, Pool())
        above = None if self.kinds[by] == "platform" else self.pools.get(by, Pool())
        if pool.available + amount < 0:
            raise No("QuotaInsufficient")
        if above is not None:
            if above.available < amount or above.allocated + amount < 0:
                raise No("QuotaInsufficient")
            above.available -= amount
            above.allocated += amount
        self.pools[below] = pool
        pool.total += amount
        pool.available += amount
        return ("quota", pool.total, pool.available)

    def _issuevoucher(self, command: Any, ids: Iterator[int], now: datetime) -> Answer:
        by, asked = command.origin.caller.main_uin, command.facts
        is_platform = self.kinds[by] == "platform"
        if asked.usage_kind == "product_trial" and not is_platform:
            raise No("RoleRefused")
        self._require_customer(command)
        begin = asked.begin_at or now
        if asked.end_at <= begin or asked.end_at <= now:
            raise No("Untimely")
        if not is_platform:
            pool = self.pools.get(by, Pool())
            if pool.available < asked.face_micro:
                raise No("QuotaInsufficient")
            pool.available -= asked.face_micro
            pool.issued += asked.face_micro
            pool.issues += 1
        no = next(ids)
        assert no not in self.vouchers
        buckets = {"available": asked.face_micro, "held": 0, "spent": 0, "expired": 0, "voided": 0}
        self.vouchers[no] = Voucher(
            no, command.owner_uin, by, None if is_platform else by, asked, begin,
            self.policies[by], buckets,
        )  # fmt: skip
        return ("issued", no)

    # Paying

    def _charge(self, command: Any, ids: Iterator[int], now: datetime) -> Answer:
        self._require_customer(command)
        takes = self._burn(command.owner_uin, command.purchase, now)
        labels = _labels(command.purchase, now)
        paid = [
            self._spend(voucher, "redeem", "available", shares, command.purchase, labels, next(ids))
            for voucher, shares in takes
        ]
        return _charged(command.purchase, paid)

    def _burn(
        self, owner: int, purchase: Any, now: datetime
    ) -> list[tuple[Voucher, dict[int, int]]]:
        """Which of the owner's vouchers pay, and what of each line (counted from 1)."""
        own = [v for v in self.vouchers.values() if v.owner == owner]
        root = self.policies.get(self._root(owner))  # a customer of the platform has none
        policy = root.burn if root else "intl"
        due = {n: line.amount_micro for n, line in enumerate(purchase.lines, start=1)}

        def payable(voucher: Voucher) -> set[int]:
            terms = voucher.asked.terms
            lines = enumerate(purchase.lines, start=1)
            return {n for n, line in lines if covers(terms, line.product_code)}

        def takes(voucher: Voucher) -> int:
            return min(voucher.available, sum(due[n] for n in payable(voucher)))

        if purchase.voucher_nos:
            numbers = {v.no: v for v in own}
            if not set(purchase.voucher_nos) <= set(numbers):
                raise No("NotFound")
            queue = [numbers[no] for no in dict.fromkeys(purchase.voucher_nos)]
        elif policy == "intl":
            queue = sorted(own, key=lambda v: (v.asked.priority, v.asked.end_at, v.available, v.no))
        else:
            queue = sorted(
                own,
                key=lambda v: (v.asked.priority, v.asked.end_at, -takes(v), v.available, v.no),
            )
        unpaid, result = dict(due), []
        for voucher in queue:
            terms = voucher.asked.terms
            is_live = voucher.void is None and voucher.begin <= now < voucher.asked.end_at
            fits = terms.pay_mode in ("all", purchase.pay_mode) and (
                not terms.pay_scenes or purchase.pay_scene in terms.pay_scenes
            )
            lines = payable(voucher)
            eligible = sum(due[n] for n in lines)
            amount = min(voucher.available, sum(unpaid[n] for n in lines))
            if not (is_live and fits and amount) or eligible < terms.min_spend_micro:
                continue
            if policy == "cn" and result:
                continue
            shares = apportioned(amount, {n: unpaid[n] for n in lines})
            for n, share in shares.items():
                unpaid[n] -= share
            result.append((voucher, shares))
        return result

    def _spend(
        self,
        voucher: Voucher,
        kind: str,
        source: str,
        shares: dict[int, int],
        purchase: Any,
        labels: tuple[datetime, datetime],
        usage_id: int,
    ) -> Usage:
        self._post(voucher, source, "spent", sum(shares.values()))
        return self._note(
            Usage(
                usage_id, voucher, len(voucher.usages) + 1, kind, sum(shares.values()), shares,
                purchase.lines, purchase.pay_mode, purchase.pay_scene, purchase.deal_name,
                purchase.bill_id, *labels,
            )
        )  # fmt: skip

    def _note(self, usage: Usage) -> Usage:
        assert usage.id not in self.usages
        usage.voucher.usages.append(usage)
        self.usages[usage.id] = usage
        return usage

    def _openhold(self, command: Any, ids: Iterator[int], now: datetime) -> Answer:
        self._require_customer(command)
        takes = self._burn(command.owner_uin, command.purchase, now)
        paid_at, _ = _labels(command.purchase, now)
        if command.expires_at <= now:
            raise No("Untimely")
        for voucher, shares in takes:
            self._post(voucher, "available", "held", sum(shares.values()))
        hold_id = next(ids)
        assert hold_id not in self.holds
        self.holds[hold_id] = Hold(
            hold_id, command.owner_uin, command.purchase, paid_at, command.expires_at, takes
        )
        held = sum(sum(shares.values()) for _, shares in takes)
        parts = tuple(
            (v.no, sum(shares.values()), tuple(sorted(shares.items()))) for v, shares in takes
        )
        return ("held", hold_id, held, _asked(command.purchase) - held, parts)

    def _open(self, command: Any) -> Hold:
        self._require_customer(command)
        hold = self.holds.get(command.hold_id)
        if hold is None or hold.owner != command.owner_uin:
            raise No("NotFound")
        if hold.state != "open":
            raise No("NotOpen")
        return hold

    def _capture(self, command: Any, ids: Iterator[int], now: datetime) -> Answer:
        hold = self._open(command)
        completed_at = command.completed_at or now
        if completed_at < hold.paid_at:
            raise No("Untimely")
        held = sum(sum(shares.values()) for _, shares in hold.parts)
        wanted = held if command.amount_micro is None else command.amount_micro
        if wanted > held:
            raise No("ValueInsufficient")
        labels = (min(now, completed_at), completed_at)
        paid, kept = [], {}
        for voucher, shares in hold.parts:
            amount = min(wanted, sum(shares.values()))
            if amount:
                wanted -= amount
                taken = apportioned(amount, shares)
                paid.append(
                    self._spend(voucher, "capture", "held", taken, hold.purchase, labels, next(ids))
                )
                kept[voucher.no] = amount
        self._let_go(hold, "captured", kept, now)
        return _charged(hold.purchase, paid)

    def _release(self, command: Any, ids: Iterator[int], now: datetime) -> Answer:
        return ("moved", self._let_go(self._open(command), "released", {}, now))

    # Correcting and ending

    def _original(self, command: Any) -> Usage:
        self._require_customer(command)
        usage = self.usages.get(command.usage_id)
        if usage is None or usage.voucher.owner != command.owner_uin:
            raise No("NotFound")
        if usage.corrects is not None:
            raise No("NotOpen")
        return usage

    def _refund(self, command: Any, ids: Iterator[int], now: datetime) -> Answer:
        usage = self._original(command)
        amount = usage.net() if command.amount_micro is None else command.amount_micro
        if amount > usage.net() or not amount:
            raise No("ValueInsufficient")
        if not usage.voucher.policies.on_refund:
            return ("corrected", None, 0)
        return self._correct(usage, -amount, "refund", "", next(ids), now)

    def _adjust(self, command: Any, ids: Iterator[int], now: datetime) -> Answer:
        usage, amount = self._original(command), command.amount_micro
        voucher = usage.voucher
        if amount < 0 and -amount > usage.net():
            raise No("ValueInsufficient")
        if amount > 0:
            if voucher.void or not voucher.begin <= now < voucher.asked.end_at:
                raise No("NotOpen")
            if amount > voucher.available:
                raise No("ValueInsufficient")
        return self._correct(usage, amount, "adjustment", command.bill_id, next(ids), now)

    def _correct(
        self, usage: Usage, amount: int, kind: str, bill: str, usage_id: int, now: datetime
    ) -> Answer:
        voucher = usage.voucher
        if amount > 0:
            self._post(voucher, "available", "spent", amount)
        else:
            self._post(voucher, "spent", voucher.comes_back_to(now), -amount)
        self._note(
            Usage(
                usage_id, voucher, len(voucher.usages) + 1, kind, amount,
                apportioned(abs(amount), usage.shares), usage.lines, usage.mode, usage.scene,
                usage.deal, bill or usage.bill, now, now, usage,
            )
        )  # fmt: skip
        return ("corrected", usage_id, amount)

    def _endvoucher(self, command: Any, ids: Iterator[int], now: datetime) -> Answer:
        by = command.origin.caller.main_uin
        is_platform = self.kinds[by] == "platform"
        if command.kind == "killed" and not is_platform:
            raise No("RoleRefused")
        self._require_customer(command)
        voucher = self.vouchers.get(command.voucher_no)
        if voucher is None or voucher.owner != command.owner_uin:
            raise No("NotFound")
        if not is_platform and by != voucher.issuer and not self._is_above(by, voucher.issuer):
            raise No("NotFound")
        if not voucher.can_end(now):
            raise No("NotOpen")
        return ("moved", self._end(voucher, command.kind))

    def _end(self, voucher: Voucher, kind: str) -> int:
        voucher.void = kind
        amount = voucher.available
        if amount:
            self._post(voucher, "available", "voided", amount)
        return amount

    def _move(self, command: Any, ids: Iterator[int], now: datetime) -> Answer:
        self._require_customer(command)
        customer, parent = command.owner_uin, command.parent_uin
        by = command.origin.caller.main_uin
        if parent not in self.kinds or by not in (parent, *self._above(parent)):
            raise No("NotFound")
        if self.kinds[parent] == "customer":
            raise No("Misplaced")
        left = set(self._above(customer)) - {parent, *self._above(parent)}
        own = [v for v in self.vouchers.values() if v.owner == customer and v.issuer in left]
        ended = [v for v in own if v.can_end(now) and not command.keeps_vouchers]
        self.parents[customer] = parent
        return ("customer moved", len(ended), sum(self._end(v, "killed") for v in ended))

    def _sweep(self, command: Any, ids: Iterator[int], now: datetime) -> Answer:
        return ("done",)


def apportioned(amount: int, weights: dict[int, int]) -> dict[int, int]:
    """An amount in whole shares pro rata to weights; one unit at a time goes to whoever lacks the
    most, the lowest number first. Shares of nothing are left out."""
    total = sum(weights.values())
    exact = {n: Fraction(amount * weight, total) for n, weight in weights.items()}
    shares = {n: int(share) for n, share in exact.items()}
    while sum(shares.values()) < amount:
        n = min(shares, key=lambda n: (shares[n] - exact[n], n))
        shares[n] += 1
    return {n: share for n, share in sorted(shares.items()) if share}


def _labels(purchase: Any, now: datetime) -> tuple[datetime, datetime]:
    paid_at = purchase.paid_at or now.replace(microsecond=0)
    completed_at = purchase.completed_at or paid_at
    if not now - BACKDATING <= paid_at <= now or completed_at < paid_at:
        raise No("Untimely")
    return paid_at, completed_at


def _asked(purchase: Any) -> int:
    return sum(line.amount_micro for line in purchase.lines)


def _charged(purchase: Any, paid: Sequence[Usage]) -> Answer:
    total = sum(u.amount for u in paid)
    allocations = tuple(
        (u.voucher.no, u.id, u.ordinal, u.amount, tuple(u.shares.items())) for u in paid
    )
    return ("charged", total, _asked(purchase) - total, allocations)


def _token(command: Any) -> tuple[int, int, str]:
    return command.owner_uin, command.origin.caller.main_uin, command.origin.token


def _ids_of(answer: Answer) -> Iterator[int]:
    """The ids in a given answer, in order; for ever `UNKNOWN` when there are no more."""
    kind = answer[0]
    if kind == "charged":
        yield from (allocation[1] for allocation in answer[3])
    elif kind in ("held", "issued", "corrected"):
        yield answer[1]
    while True:
        yield UNKNOWN
