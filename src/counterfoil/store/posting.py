"""What a write leaves behind: rows appended by COPY, balances set under the version that was read.

Every function that guards raises `Conflict` when fewer rows were written than sent, that of the
vouchers excepted, which says whose they were; a token or id that somebody else wrote meanwhile is a
conflict too (`store.database` maps it).
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

import msgspec

from counterfoil.domain.account import Account
from counterfoil.domain.errors import Conflict
from counterfoil.domain.hold import Hold
from counterfoil.domain.instants import month_of
from counterfoil.domain.pool import Pool
from counterfoil.domain.postings import Movement, PoolMovement, UsagePosting
from counterfoil.domain.voucher import Voucher
from counterfoil.store.bulk import copy_rows
from counterfoil.store.database import Connection
from counterfoil.store.reader import Key
from counterfoil.store.statements import statement

_json = msgspec.json.Encoder().encode


async def move_accounts(connection: Connection, accounts: Sequence[Account], at: datetime) -> None:
    """Puts accounts that were locked below their parents."""
    if accounts:
        arrays = _arrays(accounts, "uin parent_uin")
        await connection.execute(statement("move_accounts"), *arrays, at)


async def write_vouchers(connection: Connection, vouchers: Sequence[Voucher]) -> set[Key]:
    """Sets the balances of vouchers that were read; those that somebody else wrote since stay as
    they are. The (owner, number) of the ones that were set."""
    if not vouchers:
        return set()
    columns = (
        "owner_uin voucher_no version last_posted_at available_micro held_micro spent_micro "
        "expired_micro voided_micro record_count posting_count void_kind void_reason voided_at"
    )
    arrays = _arrays(vouchers, columns)
    rows = await connection.fetch(statement("write_vouchers"), list(set(arrays[0])), *arrays)
    return {(owner_uin, voucher_no) for owner_uin, voucher_no in rows}


async def write_holds(connection: Connection, holds: Sequence[Hold]) -> None:
    """Sets the state of holds that were read."""
    if not holds:
        return
    arrays = _arrays(holds, "owner_uin hold_id version state closed_at")
    rows = await connection.fetch(statement("write_holds"), list(set(arrays[0])), *arrays)
    if len(rows) != len(holds):
        raise Conflict


async def write_pools(connection: Connection, pools: Sequence[Pool]) -> None:
    """Sets the balances of pools that were read."""
    if not pools:
        return
    columns = (
        "partner_uin version last_posted_at total_micro available_micro issued_micro "
        "returned_micro allocated_micro issued_count movement_count"
    )
    arrays = _arrays(pools, columns)
    rows = await connection.fetch(statement("write_pools"), *arrays)
    if len(rows) != len(pools):
        raise Conflict


def _arrays(items: Sequence[object], columns: str) -> list[list[object]]:
    """One list a column, in the items' order."""
    read = attrgetter(*columns.split())
    return [list(column) for column in zip(*map(read, items), strict=True)]


async def append_vouchers(connection: Connection, vouchers: Sequence["NewVoucher"]) -> None:
    """Writes vouchers that were issued."""
    if not vouchers:
        return
    await copy_rows(
        connection,
        "voucher",
        "owner_uin voucher_no code issuer_uin funder_uin terms_id usage_kind priority begin_at "
        "end_at issued_at name apply_reason activity_id code_id main_type sub_type policy_remark "
        "version last_posted_at face_micro available_micro held_micro spent_micro expired_micro "
        "voided_micro has_available record_count posting_count void_kind void_reason voided_at",
        (
            (
                v.owner_uin, v.voucher_no, new.code, v.issuer_uin, v.funder_uin, new.terms_id,
                new.usage_kind, v.priority, v.begin_at, v.end_at, new.issued_at, new.name,
                new.apply_reason, new.activity_id, new.code_id, new.main_type, new.sub_type,
                new.policy_remark, 1, v.last_posted_at, v.face_micro, v.available_micro,
                v.held_micro, v.spent_micro, v.expired_micro, v.voided_micro,
                v.available_micro > 0, v.record_count, v.posting_count, v.void_kind,
                v.void_reason, v.voided_at,
            )
            for new in vouchers
            for v in (new.voucher,)
        ),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewVoucher:
    """A voucher being issued, with the facts that only lists show."""

    voucher: Voucher
    code: str
    terms_id: int
    usage_kind: str
    issued_at: datetime
    name: str = ""
    apply_reason: str = ""
    activity_id: str = ""
    code_id: str = ""
    main_type: str = "no_price"
    sub_type: str = "deduct"
    policy_remark: str = ""


async def append_movements(connection: Connection, movements: Sequence[Movement]) -> None:
    """Appends movements to the journal."""
    if not movements:
        return
    await copy_rows(
        connection,
        "movement",
        "owner_uin voucher_no posting_no movement_id operation_id kind from_bucket to_bucket "
        "amount_micro hold_id reason actor_uin posted_at",
        (
            (
                m.owner_uin, m.voucher_no, m.posting_no, m.movement_id, m.operation_id,
                m.cause.kind, m.source, m.target, m.amount_micro, m.cause.hold_id,
                m.cause.reason, m.actor_uin, m.posted_at,
            )
            for m in movements
        ),
    )  # fmt: skip


async def append_usages(connection: Connection, usages: Sequence[UsagePosting]) -> None:
    """Appends usage to the journal, each row with its place in its month."""
    if not usages:
        return
    months = [month_of(usage.bill.paid_at) for usage in usages]
    places = await _take_places(connection, usages, months)
    await copy_rows(
        connection,
        "usage",
        "owner_uin voucher_no ordinal month month_ordinal posting_no usage_id operation_id kind "
        "from_bucket to_bucket amount_micro pay_mode pay_scene deal_name bill_id paid_at "
        "completed_at posted_at resource_owner_uin product_code sub_product_code lines hold_id "
        "corrects_usage_id reason actor_uin",
        (
            (
                u.owner_uin, u.voucher_no, u.ordinal, month, place, u.posting_no, u.usage_id,
                u.operation_id, u.cause.kind, u.source, u.target, u.amount_micro,
                u.bill.pay_mode, u.bill.pay_scene, u.bill.deal_name, u.bill.bill_id,
                u.bill.paid_at, u.bill.completed_at, u.posted_at, main.owner_uin,
                main.product_code, main.sub_product_code, _json(u.lines).decode(),
                u.cause.hold_id, u.cause.corrects_usage_id, u.cause.reason, u.actor_uin,
            )
            for u, month, place in zip(usages, months, places, strict=True)
            for main in (u.main_line,)
        ),
    )  # fmt: skip


async def _take_places(
    connection: Connection, usages: Sequence[UsagePosting], months: Sequence[int]
) -> list[int]:
    """The ordinal of each row in its voucher's month; adds the rows to the months' sums."""
    keys = [
        (usage.owner_uin, usage.voucher_no, month)
        for usage, month in zip(usages, months, strict=True)
    ]
    counts: defaultdict[tuple[int, int, int], int] = defaultdict(int)
    sums: defaultdict[tuple[int, int, int], int] = defaultdict(int)
    for usage, key in zip(usages, keys, strict=True):
        counts[key] += 1
        sums[key] += usage.signed_micro
    columns = zip(*((*key, counts[key], sums[key]) for key in sorted(counts)), strict=True)
    rows = await connection.fetch(statement("add_to_usage_months"), *columns)
    next_places = {
        (owner_uin, voucher_no, month): record_count - counts[owner_uin, voucher_no, month] + 1
        for owner_uin, voucher_no, month, record_count in rows
    }
    places = []
    for key in keys:
        places.append(next_places[key])
        next_places[key] += 1
    return places


async def append_pool_movements(connection: Connection, movements: Sequence[PoolMovement]) -> None:
    """Appends movements of quota."""
    if not movements:
        return
    await copy_rows(
        connection,
        "pool_movement",
        "partner_uin ordinal movement_id operation_id kind from_bucket to_bucket amount_micro "
        "counterpart_uin voucher_owner_uin voucher_no cause_movement_id reason actor_uin "
        "posted_at",
        (
            (
                m.partner_uin, m.ordinal, m.movement_id, m.operation_id, m.kind, m.source,
                m.target, m.amount_micro, m.about.counterpart_uin,
                *(m.about.voucher or (None, None)), m.about.cause_movement_id, m.about.reason,
                m.actor_uin, m.posted_at,
            )
            for m in movements
        ),
    )  # fmt: skip


async def append_pools(connection: Connection, pools: Collection[Pool]) -> None:
    """Writes pools that did not exist."""
    columns = (
        "partner_uin version last_posted_at total_micro available_micro issued_micro "
        "returned_micro allocated_micro issued_count movement_count"
    )
    if pools:
        await copy_rows(connection, "pool", columns, map(attrgetter(*columns.split()), pools))


async def append_holds(connection: Connection, holds: Collection[Hold]) -> None:
    """Writes holds that were opened, with their parts."""
    if not holds:
        return
    await copy_rows(
        connection,
        "hold",
        "owner_uin hold_id version state operation_id pay_mode pay_scene deal_name bill_id "
        "paid_at lines amount_micro created_at expires_at closed_at actor_uin",
        (
            (
                h.owner_uin, h.hold_id, h.version, h.state, h.operation_id, h.bill.pay_mode,
                h.bill.pay_scene, h.bill.deal_name, h.bill.bill_id, h.bill.paid_at,
                _json(h.bill.lines).decode(), h.amount_micro, h.created_at, h.expires_at,
                h.closed_at, h.actor_uin,
            )
            for h in holds
        ),
    )  # fmt: skip
    await copy_rows(
        connection,
        "hold_voucher",
        "owner_uin hold_id voucher_no burn_order amount_micro shares",
        (
            (h.owner_uin, h.hold_id, p.voucher_no, p.burn_order, p.amount_micro,
             _json(p.shares).decode())
            for h in holds
            for p in h.parts
        ),
    )  # fmt: skip


class Remembered(msgspec.Struct, frozen=True):
    """A token that took effect."""

    owner_uin: int
    caller_uin: int
    token: str
    action: str
    digest: bytes
    operation_id: int
    answer: bytes


async def append_tokens(connection: Connection, tokens: Sequence[Remembered], at: datetime) -> None:
    """Remembers tokens, in the order of their keys."""
    if not tokens:
        return
    await copy_rows(
        connection,
        "idempotency",
        "owner_uin caller_uin token action digest operation_id answer created_at",
        (
            (
                t.owner_uin, t.caller_uin, t.token, t.action, t.digest, t.operation_id,
                t.answer.decode(), at,
            )
            for t in sorted(tokens, key=attrgetter("owner_uin", "caller_uin", "token"))
        ),
    )  # fmt: skip
