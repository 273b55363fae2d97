"""Lists of vouchers as Tencent Cloud's actions ask for them: filtered, sorted, by page number, with
totals over everything that matches; rows come rendered.

Each is one statement, planned for the filters of the asking (`Database.survey`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from counterfoil.store.database import Database
from counterfoil.store.statements import statement

# Nobody has more vouchers than this, so a page beyond it is as empty as any later one.
_SKIP_MAX = 2**40

Span = tuple[datetime | None, datetime | None]  # from the first on, before the second; None: open
ANY: Span = (None, None)


@dataclass(frozen=True, slots=True)
class Window:
    """Which rows of a list: `size` after the first `skip`."""

    skip: int
    size: int


@dataclass(frozen=True, slots=True)
class VoucherFilter:
    """What an owner's vouchers must be; None: anything. `states` are the domain's words; a voucher
    is named by its code or by its number."""

    states: Sequence[str] | None = None
    code: str | None = None
    voucher_no: int | None = None
    code_id: str | None = None
    activity_id: str | None = None
    name: str | None = None
    product_code: str | None = None
    pay_mode: str | None = None
    pay_scene: str | None = None
    main_type: str | None = None
    sub_type: str | None = None
    issued: Span = ANY
    begins: Span = ANY
    ends: Span = ANY


@dataclass(frozen=True, slots=True)
class VoucherSort:
    """By when they were `issued`, `begin` or `end`; the number decides between equals."""

    by: str = "issued"
    is_ascending: bool = False


@dataclass(frozen=True, slots=True)
class VoucherInfoPage:
    """Totals over all that matches; `rows` is the text of the page's JSON objects with commas
    between."""

    voucher_count: int
    left_micro: int
    rows: bytes


@dataclass(frozen=True, slots=True)
class CustomerFilter:
    """What customers' vouchers must be; None: anything. Words are the store's."""

    customer_uin: int | None = None
    voucher_no: int | None = None
    states: Sequence[str] | None = None
    pay_modes: Sequence[str] | None = None
    usage_kind: str | None = None
    product_scope: str | None = None


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """`is_seen`: whether the customer that was named, if any, is one of the caller's; `rows` is the
    text of the page's JSON objects with commas between."""

    is_seen: bool
    voucher_count: int
    rows: bytes


async def voucher_info(
    database: Database,
    owner_uin: int,
    wanted: VoucherFilter,
    sort: VoucherSort,
    window: Window,
    *,
    now: datetime,
    is_chinese: bool,
) -> VoucherInfoPage:
    """A page of an owner's vouchers, with totals over all that pass the filter."""
    async with database.survey() as connection:
        row = await connection.fetchrow(
            statement("describe_voucher_info"),
            owner_uin, now, is_chinese, min(window.skip, _SKIP_MAX), window.size, sort.by,
            sort.is_ascending, wanted.states, wanted.code, wanted.voucher_no, wanted.code_id,
            wanted.activity_id, wanted.name, wanted.product_code, wanted.pay_mode,
            wanted.pay_scene, wanted.main_type, wanted.sub_type, *wanted.issued, *wanted.begins,
            *wanted.ends,
        )  # fmt: skip
    return VoucherInfoPage(*row)


async def customer_vouchers(
    database: Database,
    caller_uin: int | None,
    wanted: CustomerFilter,
    window: Window,
    now: datetime,
) -> CustomerPage:
    """A page of the vouchers that a partner sees; where `caller_uin` is None, of all that the
    customer named has."""
    async with database.survey() as connection:
        issuers = None
        if caller_uin is not None:
            rows = await connection.fetch(statement("issuers_below"), caller_uin)
            issuers = [row["uin"] for row in rows]
        row = await connection.fetchrow(
            statement("describe_customer_voucher_list"),
            caller_uin, wanted.customer_uin, now, min(window.skip, _SKIP_MAX), window.size,
            wanted.states, wanted.pay_modes, wanted.usage_kind, wanted.product_scope,
            wanted.voucher_no, issuers,
        )  # fmt: skip
    return CustomerPage(*row)
