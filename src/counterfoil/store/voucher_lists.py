"""Lists of vouchers as Tencent Cloud's actions ask for them: filtered, sorted, by page number, with
totals over everything that matches; rows come rendered.

A list is one statement, asked for the totals and then for the page, in one snapshot; both times it
is planned for the filters of the asking (`Database.survey`).
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from counterfoil.store.database import Database, Row
from counterfoil.store.statements import statement

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

        async def ask(skip: int, size: int | None, is_page: bool) -> Row:
            return await connection.fetchrow(
                statement("describe_voucher_info"),
                owner_uin, now, is_chinese, skip, size, sort.by, sort.is_ascending, wanted.states,
                wanted.code, wanted.voucher_no, wanted.code_id, wanted.activity_id, wanted.name,
                wanted.product_code, wanted.pay_mode, wanted.pay_scene, wanted.main_type,
                wanted.sub_type, *wanted.issued, *wanted.begins, *wanted.ends, is_page,
            )  # fmt: skip

        totals, rows = await _answered(ask, window)
    return VoucherInfoPage(totals["voucher_count"], totals["left_micro"], rows)


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
            found = await connection.fetch(statement("issuers_below"), caller_uin)
            issuers = [row["uin"] for row in found]

        async def ask(skip: int, size: int | None, is_page: bool) -> Row:
            return await connection.fetchrow(
                statement("describe_customer_voucher_list"),
                issuers, wanted.customer_uin, now, skip, size, wanted.states, wanted.pay_modes,
                wanted.usage_kind, wanted.product_scope, wanted.voucher_no, is_page,
            )  # fmt: skip

        totals, rows = await _answered(ask, window)
    return CustomerPage(totals["is_seen"], totals["voucher_count"], rows)


async def _answered(
    ask: Callable[[int, int | None, bool], Awaitable[Row]], window: Window
) -> tuple[Row, bytes]:
    """The totals of a list, and its page. Totals come first, as cheap as COUNT and SUM alone: they
    tell whether there is a page to look for, and whether it takes all that is left."""
    totals = await ask(0, 0, False)
    left = totals["voucher_count"] - window.skip
    if left <= 0 or window.size == 0:
        return totals, b""
    # Without a limit the planner does not hope to be done early.
    size = window.size if left > window.size else None
    page = await ask(window.skip, size, True)
    return totals, page["rows"]
