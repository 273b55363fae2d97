"""Ways to spoil a book behind the ledger's back, each with what a verification must say of it.

A case names the kinds of difference that it is certain to cause; where it can't help spoiling more,
`more` allows others beside them.
"""

from dataclasses import dataclass

# Without these, some damage would be refused, which is what they are for.
DROP_CHECKS = """
    do $$
    declare found record;
    begin
        for found in select conrelid::regclass as place, conname from pg_constraint
            where contype in ('c', 'f') and connamespace = 'public'::regnamespace
        loop
            execute format('alter table %s drop constraint %I', found.place, found.conname);
        end loop;
    end $$
"""

VOUCHER = "(select v.ctid from voucher as v where v.spent_micro > 0 order by v.ctid limit 1)"
ENDED = "(select v.ctid from voucher as v where v.expired_micro > 0 order by v.ctid limit 1)"
TAKEN = "(select v.ctid from voucher as v where v.voided_micro > 0 order by v.ctid limit 1)"
HOLDING = "(select v.ctid from voucher as v where v.held_micro > 0 order by v.ctid limit 1)"
# Neither the first nor the last of its voucher, and of the voucher with most rows.
USAGE = "(select u.ctid from usage as u where u.ordinal = 4 and u.kind = 'redeem' limit 1)"
CORRECTION = "(select u.ctid from usage as u where u.kind = 'refund' order by u.ctid limit 1)"
EXPIRY = "(select m.ctid from movement as m where m.kind = 'expire' order by m.ctid limit 1)"
LAPSE = "(select m.ctid from movement as m where m.kind = 'lapse' order by m.ctid limit 1)"
OPEN_HOLD = "(select h.ctid from hold as h where h.state = 'open' and h.amount_micro > 0 limit 1)"
OPEN_PART = (
    "(select p.ctid from hold_voucher as p join hold as h using (owner_uin, hold_id) "
    "where h.state = 'open' limit 1)"
)
POOL = "(select p.ctid from pool as p where p.issued_count > 0 order by p.ctid limit 1)"
UPPER = "(select p.ctid from pool as p where p.allocated_micro > 0 limit 1)"


@dataclass(frozen=True)
class Damage:
    """Statements run by the superuser, and what is reported afterwards."""

    name: str
    statements: tuple[str, ...]
    kinds: frozenset[str]
    more: bool = False

    def __str__(self) -> str:
        return self.name


def damage(name: str, statement: str | tuple[str, ...], *kinds: str, more: bool = False) -> Damage:
    statements = (statement,) if isinstance(statement, str) else statement
    return Damage(name, statements, frozenset(kinds), more)


def token(kind: str) -> str:
    is_it = f"coalesce(i.answer ->> 'type', i.answer ->> 0) = '{kind}'"
    return f"(select i.ctid from idempotency as i where {is_it} limit 1)"  # noqa: S608  # from constants


def add(table: str, column: str, place: str, by: str = "1") -> str:
    return f"update {table} set {column} = {column} + {by} where ctid = {place}"  # noqa: S608  # from constants


def put(table: str, column: str, place: str, value: str) -> str:
    return f"update {table} set {column} = {value} where ctid = {place}"  # noqa: S608  # from constants


def remove(table: str, place: str) -> str:
    return f"delete from {table} where ctid = {place}"  # noqa: S608  # from constants


VOUCHERS = [
    damage("a face", add("voucher", "face_micro", VOUCHER),
           "voucher.face", "pool_movement.issued"),
    damage("what is available", add("voucher", "available_micro", VOUCHER), "voucher.available"),
    damage("what is held", add("voucher", "held_micro", HOLDING), "voucher.held"),
    damage("what is spent", add("voucher", "spent_micro", VOUCHER), "voucher.spent"),
    damage("what has expired", add("voucher", "expired_micro", ENDED), "voucher.expired"),
    damage("what is voided", add("voucher", "voided_micro", TAKEN), "voucher.voided"),
    damage("two buckets, the sum as it was",
           add("voucher", "available_micro", VOUCHER, "-1, spent_micro = spent_micro + 1"),
           "voucher.available", "voucher.spent"),
    damage("the flag of value", put("voucher", "has_available", VOUCHER, "not has_available"),
           "voucher.has_available"),
    damage("the count of usages", add("voucher", "record_count", VOUCHER), "voucher.record_count"),
    damage("the count of postings", add("voucher", "posting_count", VOUCHER),
           "voucher.posting_count"),
    damage("the last instant", add("voucher", "last_posted_at", VOUCHER, "interval '1 s'"),
           "voucher.last_posted_at"),
    damage("a voucher that is gone", remove("voucher", VOUCHER), "voucher.voucher_no", more=True),
    damage("a voucher without a journal", (
        "delete from usage where voucher_no = (select min(v.voucher_no) from voucher as v)",
        "delete from movement where voucher_no = (select min(v.voucher_no) from voucher as v)",
    ), "voucher.voucher_no", more=True),
]  # fmt: skip

JOURNAL = [
    damage("a usage row that is gone", remove("usage", USAGE),
           "voucher.spent", "voucher.available", "voucher.record_count", "voucher.posting_count",
           "posting.posting_no", "usage.ordinal", "usage.month_ordinal",
           "usage_month.record_count", "usage_month.amount", "idempotency.paid",
           "idempotency.usages"),
    damage("a usage row's amount", add("usage", "amount_micro", USAGE),
           "voucher.spent", "voucher.available", "usage.lines", "usage_month.amount",
           "idempotency.paid"),
    damage("a line's amount", put("usage", "lines", USAGE,
           "jsonb_set(lines, '{0,amount_micro}', '1')"), "usage.lines"),
    damage("lines that are none", put("usage", "lines", USAGE, "'\"x\"'"), "usage.lines"),
    damage("an ordinal left out", "update usage set ordinal = ordinal + 100 where ordinal >= 4",
           "usage.ordinal", "idempotency.usages"),
    damage("ordinals that changed places", (
        "update usage set ordinal = ordinal + 100 where ordinal in (2, 3)",
        "update usage set ordinal = 105 - ordinal where ordinal > 100",
    ), "usage.ordinal", "idempotency.usages"),
    damage("a month's ordinal left out", "update usage set month_ordinal = 50 where ordinal = 4",
           "usage.month_ordinal"),
    damage("another month", put("usage", "month", USAGE, "month + 1"),
           "usage.month", "usage_month.record_count", "usage_month.amount", more=True),
    damage("a posting number left out",
           "update movement set posting_no = posting_no + 1000 where kind = 'expire'",
           "posting.posting_no", more=True),
    damage("one posting number twice", add("usage", "posting_no", USAGE), "posting.posting_no"),
    damage("time that ran back", put("usage", "posted_at", USAGE, "posted_at - interval '99 d'"),
           "posting.posted_at"),
    damage("a kind that moves otherwise", put("movement", "kind", EXPIRY, "'void'"),
           "posting.way"),
    damage("a second issue", put("movement", "kind", EXPIRY, "'issue'"),
           "posting.way", "posting.first"),
    damage("more taken than there was", (
        "update usage set amount_micro = amount_micro + 99000 where ordinal = 1",
        "update usage set amount_micro = amount_micro - 99000 where ordinal = 2",
    ), "posting.overdrawn", "usage.lines", more=True),
    damage("one usage id twice", put("usage", "usage_id", USAGE,
           "(select min(x.usage_id) from usage as x where x.ordinal = 1)"), "usage.usage_id"),
    damage("one movement id twice", put("movement", "movement_id", EXPIRY,
           "(select max(x.movement_id) from movement as x where x.kind = 'hold')"),
           "movement.movement_id", more=True),
]  # fmt: skip

MONTHS = [
    damage("a month's count", "update usage_month set record_count = record_count + 1",
           "usage_month.record_count"),
    damage("a month's sum", "update usage_month set amount_micro = amount_micro - 1",
           "usage_month.amount"),
    damage("a month that is gone", remove("usage_month", "(select min(m.ctid) from usage_month m)"),
           "usage_month.record_count", "usage_month.amount"),
    damage("a month without usage",
           "insert into usage_month select owner_uin, voucher_no, 209901, 1, 5 from voucher",
           "usage_month.record_count", "usage_month.amount"),
]  # fmt: skip

CORRECTIONS = [
    damage("a correction of nothing", put("usage", "corrects_usage_id", CORRECTION, "999999"),
           "usage.corrects_usage_id"),
    damage("a correction of a correction", put("usage", "corrects_usage_id", CORRECTION,
           "(select x.usage_id from usage as x where x.kind = 'adjustment' "
           "and x.voucher_no = usage.voucher_no and x.owner_uin = usage.owner_uin limit 1)"),
           "usage.corrects_usage_id", more=True),
    damage("more returned than was paid", add("usage", "amount_micro", CORRECTION, "5000"),
           "usage.net", "usage.lines", more=True),
]  # fmt: skip

HOLDS = [
    damage("a part's amount", add("hold_voucher", "amount_micro", OPEN_PART),
           "hold_voucher.amount", "hold_voucher.held", "hold_voucher.shares", "hold.amount"),
    damage("a part's shares", put("hold_voucher", "shares", OPEN_PART, "'[]'"),
           "hold_voucher.shares"),
    damage("a part that is gone", remove("hold_voucher", OPEN_PART),
           "hold_voucher.amount", "hold_voucher.held", "hold.amount", "hold.state"),
    damage("a hold that is gone", remove("hold", OPEN_HOLD),
           "hold.state", "hold_voucher.held", "idempotency.hold_id"),
    damage("a hold's amount", add("hold", "amount_micro", OPEN_HOLD), "hold.amount"),
    damage("a hold that was never closed", put("hold", "state", OPEN_HOLD, "'lapsed'"),
           "hold.state", "hold_voucher.held"),
    damage("a hold of nobody", (
        "insert into hold select 1, 1, 1, 'open', 1, 'prepay', '', '', '', now(), '[]', 0, now(), "
        "now(), null, 1"
    ), "hold.owner_uin"),
    damage("a lapse of no hold", put("movement", "hold_id", LAPSE, "null"),
           "hold_voucher.amount", "hold_voucher.held", more=True),
]  # fmt: skip

POOLS = [
    *(
        damage(f"a pool's {column}", add("pool", column, place), f"pool.{kind}")
        for column, kind, place in (
            ("total_micro", "total", POOL),
            ("available_micro", "available", POOL),
            ("issued_micro", "issued", POOL),
            ("returned_micro", "returned", POOL),
            ("allocated_micro", "allocated", UPPER),
            ("issued_count", "issued_count", POOL),
            ("movement_count", "movement_count", POOL),
        )
    ),
    damage("a pool's last instant", add("pool", "last_posted_at", POOL, "interval '1 s'"),
           "pool.last_posted_at"),
    damage("a pool that is gone", remove("pool", POOL), "pool.partner_uin"),
    damage("a quota movement left out",
           "update pool_movement set ordinal = ordinal + 100 where kind = 'return'",
           "pool_movement.ordinal", more=True),
    damage("quota whose time ran back",
           "update pool_movement set posted_at = posted_at - interval '999 d' "
           "where kind = 'return'", "pool_movement.posted_at", more=True),
    damage("quota of no kind", "update pool_movement set kind = 'reclaim' where kind = 'return'",
           "pool_movement.way", "pool_movement.returned", more=True),
    damage("more quota than there was", (
        "update pool_movement set amount_micro = 1 where kind = 'grant' and ordinal = 1"
    ), "pool_movement.overdrawn", "pool.total", "pool.available", more=True),
    damage("quota issued for no voucher",
           "update pool_movement set voucher_no = null where kind = 'issue'",
           "pool_movement.voucher_no", "pool_movement.issued"),
    damage("quota issued for another amount",
           "update pool_movement set amount_micro = amount_micro + 1 where kind = 'issue'",
           "pool_movement.issued", "pool.issued", "pool.available"),
    damage("quota issued for another voucher",
           "update pool_movement set voucher_no = voucher_no + 1 where kind = 'issue'",
           "pool_movement.issued"),
    damage("quota that came back for no posting",
           "update pool_movement set cause_movement_id = 0 where kind = 'return'",
           "pool_movement.returned"),
    damage("quota that should not have come back", "update terms set returns_on_expiry = false",
           "pool_movement.returned"),
    damage("quota allocated to somebody else",
           "update pool_movement set counterpart_uin = 1 where kind = 'allocate'",
           "pool_movement.allocated"),
]  # fmt: skip

TOKENS = [
    damage("a charge remembered with another sum", put("idempotency", "answer",
           token("kept_charge"), "jsonb_set(answer, '{1}', '1')"), "idempotency.paid"),
    damage("a charge remembered at another place", put("idempotency", "answer",
           token("kept_charge"), "jsonb_set(answer, '{3,0,1}', '77')"), "idempotency.usages"),
    damage("a charge remembered as nonsense", put("idempotency", "answer", token("kept_charge"),
           "'[\"kept_charge\", {}, 7, \"x\"]'"), "idempotency.paid", "idempotency.usages"),
    damage("a charge under another operation", put("idempotency", "operation_id",
           token("kept_charge"), "0"), "idempotency.paid", "idempotency.usages"),
    damage("an issue of another voucher", put("idempotency", "answer", token("issued"),
           "jsonb_set(answer, '{voucher_no}', '5')"), "idempotency.voucher_no"),
    damage("another hold", put("idempotency", "answer", token("held"),
           "jsonb_set(answer, '{hold_id}', '0')"), "idempotency.hold_id"),
    damage("more moved than was", put("idempotency", "answer", token("moved"),
           "jsonb_set(answer, '{amount_micro}', '1')"), "idempotency.moved"),
    damage("a correction of another id", put("idempotency", "answer", token("corrected"),
           "jsonb_set(answer, '{usage_id}', '0')"), "idempotency.usage_id"),
    damage("quota under another operation", put("idempotency", "operation_id", token("quota"), "0"),
           "idempotency.operation_id"),
    damage("a token of nobody", put("idempotency", "owner_uin", token("done"), "1"),
           "idempotency.owner_uin"),
    damage("a token by nobody", put("idempotency", "caller_uin", token("done"), "1"),
           "idempotency.caller_uin"),
]  # fmt: skip

ALL = [*VOUCHERS, *JOURNAL, *MONTHS, *CORRECTIONS, *HOLDS, *POOLS, *TOKENS]
