"""Loads a whole book at once for tests and benchmarks: accounts, catalogue, quota, vouchers and
what they paid for, at instants of their own, which no use case would let anybody choose.

Balances, ordinals and monthly sums are worked out here from the movements. Everything is written in
the caller's transaction, by COPY.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count

import msgspec

from counterfoil.domain.account import AccountKind
from counterfoil.domain.instants import month_of
from counterfoil.store.bulk import copy_rows, take_ids
from counterfoil.store.database import Connection


@dataclass(frozen=True, slots=True)
class ImportedAccount:
    """An account of the partner tree."""

    uin: int
    kind: AccountKind
    parent_uin: int | None
    name: str


@dataclass(frozen=True, slots=True)
class ImportedProduct:
    """A product, or one of its sub-products, with its three names."""

    product_code: str
    sub_product_code: str
    name_en: str
    name_zh: str
    en_name: str


@dataclass(frozen=True, slots=True)
class ImportedQuota:
    """What a partner was given: by the platform, or by the distributor `from_uin`."""

    partner_uin: int
    amount_micro: int
    granted_at: datetime
    from_uin: int | None = None


class ImportedLine(msgspec.Struct, frozen=True):
    """One line of a bill, as charged."""

    product_code: str
    sub_product_code: str
    amount_micro: int
    billing_item_code: str = ""
    sub_billing_item_code: str = ""
    calc_unit: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True)
class ImportedUsage:
    """What a voucher paid of one charge; its amount is the sum of its lines."""

    pay_mode: str
    paid_at: datetime
    completed_at: datetime
    lines: Sequence[ImportedLine]
    deal_name: str = ""
    bill_id: str = ""

    @property
    def amount_micro(self) -> int:
        """The sum of the lines."""
        return sum(line.amount_micro for line in self.lines)


@dataclass(frozen=True, slots=True)
class ImportedVoucher:
    """A voucher and its usages in the order in which they were posted."""

    voucher_no: int
    code: str
    owner_uin: int
    issuer_uin: int
    face_micro: int
    begin_at: datetime
    end_at: datetime
    usages: Sequence[ImportedUsage]
    name: str = ""


# Imported vouchers may be spent on anything; what their source restricted is in its past.
_OPEN_TERMS: tuple[object, ...] = ("all", [], "all", [], [], 0, False, True, True)
_OPEN_TERMS_DIGEST = hashlib.sha256(msgspec.json.encode(_OPEN_TERMS)).digest()


async def import_accounts(
    connection: Connection, accounts: Sequence[ImportedAccount], *, at: datetime, is_sample: bool
) -> None:
    """Writes accounts, parents before children."""
    await copy_rows(
        connection,
        "account",
        "uin kind parent_uin name is_sample created_at bound_at",
        ((a.uin, a.kind.value, a.parent_uin, a.name, is_sample, at, at) for a in accounts),
    )


async def import_products(connection: Connection, products: Iterable[ImportedProduct]) -> None:
    """Writes the catalogue."""
    await copy_rows(
        connection,
        "product",
        "product_code sub_product_code name_en name_zh en_name",
        ((p.product_code, p.sub_product_code, p.name_en, p.name_zh, p.en_name) for p in products),
    )


async def import_vouchers(
    connection: Connection,
    vouchers: Sequence[ImportedVoucher],
    quotas: Sequence[ImportedQuota],
    *,
    actor_uin: int,
) -> None:
    """Writes quota, vouchers, their movements and their usage; each on terms without limits."""
    usage_count = sum(len(voucher.usages) for voucher in vouchers)
    ids = await _take_ids(connection, usage_count, len(vouchers), len(quotas))
    terms_id = next(ids.terms)
    await copy_rows(
        connection,
        "terms",
        "terms_id digest pay_mode pay_scenes product_scope product_codes excluded_product_codes "
        "min_spend_micro returns_on_refund returns_on_expiry returns_on_withdrawal",
        [(terms_id, _OPEN_TERMS_DIGEST, *_OPEN_TERMS)],
    )
    await _copy_pools(connection, vouchers, quotas, ids, actor_uin)
    await copy_rows(
        connection,
        "voucher",
        "owner_uin voucher_no code issuer_uin funder_uin terms_id usage_kind begin_at end_at "
        "issued_at name version last_posted_at face_micro available_micro held_micro spent_micro "
        "expired_micro voided_micro has_available record_count posting_count",
        (_voucher_row(voucher, terms_id) for voucher in vouchers),
    )
    await copy_rows(
        connection,
        "movement",
        "owner_uin voucher_no posting_no movement_id operation_id kind from_bucket to_bucket "
        "amount_micro reason actor_uin posted_at",
        (
            (
                v.owner_uin, v.voucher_no, 1, next(ids.movement), next(ids.operation), "issue",
                "mint", "available", v.face_micro, "", v.issuer_uin, v.begin_at,
            )
            for v in vouchers
        ),
    )  # fmt: skip
    await copy_rows(
        connection,
        "usage",
        "owner_uin voucher_no ordinal month month_ordinal posting_no usage_id operation_id kind "
        "from_bucket to_bucket amount_micro pay_mode pay_scene deal_name bill_id paid_at "
        "completed_at posted_at resource_owner_uin product_code sub_product_code lines reason "
        "actor_uin",
        (row for voucher in vouchers for row in _usage_rows(voucher, ids)),
    )
    await copy_rows(
        connection,
        "usage_month",
        "owner_uin voucher_no month record_count amount_micro",
        (row for voucher in vouchers for row in _month_rows(voucher)),
    )


@dataclass(frozen=True, slots=True)
class _Ids:
    terms: Iterator[int]
    usage: Iterator[int]
    operation: Iterator[int]
    movement: Iterator[int]


async def _take_ids(
    connection: Connection, usage_count: int, voucher_count: int, quota_count: int
) -> _Ids:
    operations = usage_count + voucher_count + quota_count + 1
    movements = 2 * voucher_count + 2 * quota_count + 1
    return _Ids(
        terms=count(await take_ids(connection, "terms", 1)),
        usage=count(await take_ids(connection, "usage", usage_count + 1)),
        operation=count(await take_ids(connection, "operation", operations)),
        movement=count(await take_ids(connection, "movement", movements)),
    )


def _voucher_row(voucher: ImportedVoucher, terms_id: int) -> Sequence[object]:
    spent_micro = sum(usage.amount_micro for usage in voucher.usages)
    available_micro = voucher.face_micro - spent_micro
    records = len(voucher.usages)
    last_posted_at = max((usage.completed_at for usage in voucher.usages), default=voucher.begin_at)
    return (
        voucher.owner_uin, voucher.voucher_no, voucher.code, voucher.issuer_uin,
        voucher.issuer_uin, terms_id, "customer_offer", voucher.begin_at, voucher.end_at,
        voucher.begin_at, voucher.name, 1, last_posted_at, voucher.face_micro, available_micro, 0,
        spent_micro, 0, 0, available_micro > 0, records, records + 1,
    )  # fmt: skip


def _usage_rows(voucher: ImportedVoucher, ids: _Ids) -> Iterator[Sequence[object]]:
    ordinals_of_months: Counter[int] = Counter()
    for ordinal, usage in enumerate(voucher.usages, start=1):
        month = month_of(usage.paid_at)
        ordinals_of_months[month] += 1
        main_line = max(usage.lines, key=lambda line: line.amount_micro)
        lines = [
            {"line_no": line_no, **msgspec.structs.asdict(line)}
            for line_no, line in enumerate(usage.lines, start=1)
        ]
        yield (
            voucher.owner_uin, voucher.voucher_no, ordinal, month, ordinals_of_months[month],
            ordinal + 1, next(ids.usage), next(ids.operation), "redeem", "available", "spent",
            usage.amount_micro, usage.pay_mode, "", usage.deal_name, usage.bill_id, usage.paid_at,
            usage.completed_at, usage.completed_at, voucher.owner_uin, main_line.product_code,
            main_line.sub_product_code, msgspec.json.encode(lines).decode(), "",
            voucher.issuer_uin,
        )  # fmt: skip


def _month_rows(voucher: ImportedVoucher) -> Iterator[Sequence[object]]:
    counts: Counter[int] = Counter()
    sums: Counter[int] = Counter()
    for usage in voucher.usages:
        month = month_of(usage.paid_at)
        counts[month] += 1
        sums[month] += usage.amount_micro
    for month, records in counts.items():
        yield voucher.owner_uin, voucher.voucher_no, month, records, sums[month]


@dataclass(frozen=True, slots=True)
class _PoolMovement:
    partner_uin: int
    kind: str
    from_bucket: str
    to_bucket: str
    amount_micro: int
    posted_at: datetime
    counterpart_uin: int | None = None
    voucher: ImportedVoucher | None = None


def _pool_movements(
    vouchers: Sequence[ImportedVoucher], quotas: Sequence[ImportedQuota]
) -> Iterator[_PoolMovement]:
    for quota in quotas:
        amount_micro, at = quota.amount_micro, quota.granted_at
        if quota.from_uin is not None:
            yield _PoolMovement(
                quota.from_uin, "allocate", "available", "allocated", amount_micro, at,
                quota.partner_uin,
            )  # fmt: skip
        yield _PoolMovement(
            quota.partner_uin, "grant", "quota", "available", amount_micro, at, quota.from_uin
        )
    for voucher in sorted(vouchers, key=lambda voucher: voucher.begin_at):
        yield _PoolMovement(
            voucher.issuer_uin, "issue", "available", "issued", voucher.face_micro,
            voucher.begin_at, None, voucher,
        )  # fmt: skip


async def _copy_pools(
    connection: Connection,
    vouchers: Sequence[ImportedVoucher],
    quotas: Sequence[ImportedQuota],
    ids: _Ids,
    actor_uin: int,
) -> None:
    movements: dict[int, list[_PoolMovement]] = defaultdict(list)
    for movement in _pool_movements(vouchers, quotas):
        movements[movement.partner_uin].append(movement)
    await copy_rows(
        connection,
        "pool",
        "partner_uin version last_posted_at total_micro available_micro issued_micro "
        "returned_micro allocated_micro issued_count movement_count",
        (_pool_row(partner_uin, own) for partner_uin, own in movements.items()),
    )
    await copy_rows(
        connection,
        "pool_movement",
        "partner_uin ordinal movement_id operation_id kind from_bucket to_bucket amount_micro "
        "counterpart_uin voucher_owner_uin voucher_no reason actor_uin posted_at",
        (
            (
                m.partner_uin, ordinal, next(ids.movement), next(ids.operation), m.kind,
                m.from_bucket, m.to_bucket, m.amount_micro, m.counterpart_uin,
                m.voucher and m.voucher.owner_uin, m.voucher and m.voucher.voucher_no, "",
                actor_uin, m.posted_at,
            )
            for own in movements.values()
            for ordinal, m in enumerate(own, start=1)
        ),
    )  # fmt: skip


def _pool_row(partner_uin: int, movements: Sequence[_PoolMovement]) -> Sequence[object]:
    balance: Counter[str] = Counter()
    for movement in movements:
        balance[movement.from_bucket] -= movement.amount_micro
        balance[movement.to_bucket] += movement.amount_micro
    issued_count = sum(movement.kind == "issue" for movement in movements)
    return (
        partner_uin, 1, max(movement.posted_at for movement in movements), -balance["quota"],
        balance["available"], balance["issued"], 0, balance["allocated"], issued_count,
        len(movements),
    )  # fmt: skip
