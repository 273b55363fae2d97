"""Lists find what one filter names by its index, and anything else by one scan of an owner's or an
issuer's range: measured in blocks of a large book."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest
from tests.books import ledger_server, opened

from counterfoil.store.database import SESSION, Connection
from counterfoil.store.statements import statement

OWNER, NEIGHBOUR = 800_000_000_001, 800_000_000_002
PARTNER, DISTRIBUTOR, SUB_RESELLER = 200_000_000_001, 200_000_000_002, 200_000_000_003
VOUCHERS, SMALL_CUSTOMERS = 40_000, 20_000
FIRST_NO, FIRST_UIN = 20_000_000, 810_000_000_000

# Two owners of many vouchers, and many of one; every tenth voucher has ended with value left, every
# thousandth has a name, an order and an activity of its own. They begin, end and were issued a
# minute after each other.
LARGE_BOOK = f"""
insert into account (uin, kind, parent_uin, name, created_at, bound_at) values
    (1, 'platform', null, '', now(), now()),
    ({PARTNER}, 'reseller', 1, '', now(), now()),
    ({DISTRIBUTOR}, 'distributor', 1, '', now(), now()),
    ({SUB_RESELLER}, 'sub_reseller', {DISTRIBUTOR}, '', now(), now()),
    ({OWNER}, 'customer', {PARTNER}, '', now(), now()),
    ({NEIGHBOUR}, 'customer', {SUB_RESELLER}, '', now(), now());
insert into account (uin, kind, parent_uin, name, created_at, bound_at)
select {FIRST_UIN} + n, 'customer', case when n % 2 = 0 then {PARTNER} else {DISTRIBUTOR} end, '',
    now(), now()
from generate_series(1, {SMALL_CUSTOMERS}) as n;
insert into terms values (1, 'x', 'all', '{{}}', 'all', '{{}}', '{{}}', 0, false, true, true);
insert into voucher (
    owner_uin, voucher_no, code, issuer_uin, funder_uin, terms_id, usage_kind, begin_at, end_at,
    issued_at, name, code_id, activity_id, version, last_posted_at, face_micro, available_micro,
    held_micro, spent_micro, expired_micro, voided_micro, has_available, record_count,
    posting_count
)
select
    v.owner_uin, {FIRST_NO} + v.n, 'CODE' || v.n, v.issuer_uin, v.issuer_uin, 1, 'customer_offer',
    v.issued_at, v.issued_at + interval '5 years', v.issued_at,
    case when v.n % 1000 = 0 then 'name' || v.n else '' end,
    case when v.n % 1000 = 0 then 'order' || v.n else '' end,
    case when v.n % 1000 = 0 then 'activity' || v.n else '' end,
    1, v.issued_at, 100, case when v.n % 3 = 0 then 0 else 100 end, 0,
    case when v.n % 3 = 0 then 100 else 0 end, 0, 0, v.n % 3 <> 0, 0, 1
from (
    select
        o.owner_uin, o.issuer_uin, n,
        '2024-01-01'::timestamptz + n * interval '1 minute' as issued_at
    from (values ({OWNER}, {PARTNER}), ({NEIGHBOUR}, {SUB_RESELLER})) as o (owner_uin, issuer_uin),
        generate_series(1, {VOUCHERS}) as n
    union all
    select
        a.uin, a.parent_uin, 1000000 + a.uin - {FIRST_UIN},
        '2024-01-01'::timestamptz + (a.uin - {FIRST_UIN}) * interval '1 minute'
    from account as a
    where a.uin > {FIRST_UIN}
) as v
"""  # noqa: S608  # from constants

NOW = datetime(2026, 1, 1, tzinfo=UTC)
MINUTE_30 = datetime(2024, 1, 1, 0, 30, tzinfo=UTC)
END_30 = MINUTE_30.replace(year=2029)
# What a scan of one owner's range, or of what one issuer has issued to it, costs in blocks.
SCAN = 4_000

_INFO = dict.fromkeys(
    (
        *("states", "code", "number", "order", "activity", "name", "product", "mode", "scene"),
        *("main_type", "sub_type", "issued_from", "issued_to", "begin_from", "begin_to"),
        *("end_from", "end_to"),
    )
)


def info(skip: int = 0, size: int = 20, **wanted: object) -> tuple[str, list[object]]:
    """A page of the owner's vouchers by DescribeVoucherInfo."""
    filters = list({**_INFO, **wanted}.values())
    return "describe_voucher_info", [OWNER, NOW, False, skip, size, "issued", False, *filters]


_CUSTOMER = dict.fromkeys(("states", "modes", "usage", "scope", "number"))


def customers(
    caller: int | None, customer: int | None = None, skip: int = 0, **wanted: object
) -> tuple[str, list[object]]:
    """A page of what a partner sees, or (None) of what a customer has."""
    filters = list({**_CUSTOMER, **wanted}.values())
    issuers = caller and [caller, *([SUB_RESELLER] if caller == DISTRIBUTOR else [])]
    return "describe_customer_voucher_list", [issuers, customer, NOW, skip, 100, *filters]


# The asking, and how many blocks its totals and its page may touch at most.
COSTS = {
    "info by code": (info(code="CODE777"), 35),
    "info by code or number": (info(code="20000777", number=20000777), 35),
    "info by order": (info(order="order5000"), 35),
    "info by activity": (info(activity="activity5000"), 35),
    "info by name": (info(name="name5000"), 35),
    "info by issue": (info(issued_to=MINUTE_30), 120),
    "info by begin": (info(begin_to=MINUTE_30), 120),
    "info by end": (info(end_to=END_30), 120),
    "info of all": (info(), SCAN),
    "info of all, far": (info(skip=39_000, size=1_000), 2 * SCAN),
    "info by state": (info(states=["used"]), SCAN),
    "info of what has ended": (info(states=["expired"]), 120),
    "info by terms": (info(mode="prepay", product="p_cvm", scene="renew"), SCAN),
    "a partner's by number": (customers(PARTNER, number=20000777), 80),
    "a partner's by number and customer": (customers(PARTNER, OWNER, number=20000777), 40),
    "a partner's of one small customer": (customers(PARTNER, FIRST_UIN + 2), 40),
    "a partner's of one large customer": (customers(PARTNER, OWNER), SCAN),
    "a partner's of another's customer": (customers(PARTNER, NEIGHBOUR), 40),
    "all of a partner's": (customers(PARTNER), 2_000),
    "all of a partner's, far": (customers(PARTNER, skip=49_000), 2_000),
    "a partner's by state": (customers(PARTNER, states=["used"]), 3 * SCAN),
    "a partner's of terms that there are not": (customers(PARTNER, modes=["ripay"]), 20),
    "all of a distributor's": (customers(DISTRIBUTOR), 2_000),
    "all of a second-level reseller's": (customers(SUB_RESELLER), 2_000),
    "a customer's own": (customers(None, OWNER), 1_000),
    "a customer's own by state": (customers(None, OWNER, states=["used"]), SCAN),
    "a customer's own by number": (customers(None, OWNER, number=20000777), 40),
    "a customer's own by terms": (customers(None, OWNER, modes=["all"]), SCAN),
}
MANY_UINS = [OWNER, *(FIRST_UIN + 2 * n for n in range(1, 20))]
COSTS |= {
    "the vouchers of customers": (
        ("query_voucher_list_by_uin", [PARTNER, MANY_UINS[1:], NOW, None]),
        200,
    ),
    "the vouchers of customers, many": (
        ("query_voucher_list_by_uin", [PARTNER, MANY_UINS, NOW, None]),
        SCAN,
    ),
    "the amounts of customers": (
        ("query_voucher_amount_by_uin", [PARTNER, MANY_UINS[1:], NOW]),
        200,
    ),
    "the amounts of customers, many": (
        ("query_voucher_amount_by_uin", [PARTNER, MANY_UINS, NOW]),
        SCAN,
    ),
    "a partner's quota": (("query_voucher_pool", [PARTNER, NOW]), 20),
    "the partners below": (("issuers_below", [DISTRIBUTOR]), 5),
}
# Those with filters that may be absent are planned for each asking, the others once for all.
SURVEYED = ("describe_voucher_info", "describe_customer_voucher_list")


@pytest.fixture(scope="module")
def dsn() -> Iterator[str]:
    with ledger_server() as name:
        asyncio.run(_fill(name))
        yield name


async def _fill(dsn: str) -> None:
    async with opened(dsn) as database, database.transaction() as connection:
        await connection.execute(LARGE_BOOK, timeout=110)
    connection = await asyncpg.connect(dsn)
    await connection.execute("vacuum analyze")
    await connection.close()


@pytest.fixture
async def connection(dsn: str) -> AsyncIterator[Connection]:
    """A session like the service's own."""
    session = await asyncpg.connect(dsn, server_settings=SESSION)
    yield session
    await session.close()


@pytest.mark.parametrize("asking", COSTS)
async def test_a_list_touches_few_blocks(connection: Connection, asking: str) -> None:
    (name, parameters), blocks_max = COSTS[asking]
    is_surveyed = name in SURVEYED
    if is_surveyed:
        await connection.execute("set plan_cache_mode = force_custom_plan")
    explain = f"explain (analyze, buffers, timing off, format json) {statement(name)}"
    blocks = 0
    for half in ([False], [True]) if is_surveyed else ([],):  # the totals, then the page
        ((plan,),) = await connection.fetch(explain, *parameters, *half)
        top: dict[str, Any] = json.loads(plan)[0]["Plan"]
        blocks += top["Shared Hit Blocks"] + top["Shared Read Blocks"]
        assert blocks <= blocks_max, plan
        assert top["Temp Written Blocks"] <= SCAN // 4, plan
