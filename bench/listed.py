"""The book that lists are measured on: 1,000,000 vouchers that one reseller has issued, 50,000 of
them to one customer and the others to 10,000.

It is filled by SQL into a running server's empty database. Vouchers of all customers take turns, as
they would when issued over years, so that no owner's stand beside each other on disk.
"""

import asyncio

import asyncpg

from bench.calls import Key
from bench.server import Server
from counterfoil.access.keys import store_key
from counterfoil.access.sealing import load_master_key
from counterfoil.domain.instants import instant
from counterfoil.store import embedded
from counterfoil.store.embedded.cluster import SUPERUSER

RESELLER, LARGE_CUSTOMER = 200000000200, 700000000000
VOUCHERS, LARGE_CUSTOMER_VOUCHERS, SMALL_CUSTOMERS = 1_000_000, 50_000, 10_000
FIRST_NO = 20_000_000
RESELLER_KEY = Key("AKIDBENCHLISTRESELLER", "bench-list-reseller")
CUSTOMER_KEY = Key("AKIDBENCHLISTCUSTOMER", "bench-list-customer")

_PLATFORM = 100000000001
_BEGINNING = instant("2022-01-01 00:00:00")
_TURN = VOUCHERS // LARGE_CUSTOMER_VOUCHERS  # of so many, one is the large customer's
_FACE_MICRO, _LEFT_MICRO = 10_000_000_000, 6_000_000_000

_FILL = f"""
insert into account (uin, kind, parent_uin, name, created_at, bound_at) values
    ({_PLATFORM}, 'platform', null, 'Platform', '2022-01-01', '2022-01-01'),
    ({RESELLER}, 'reseller', {_PLATFORM}, 'Reseller', '2022-01-01', '2022-01-01');
insert into account (uin, kind, parent_uin, name, created_at, bound_at)
select {LARGE_CUSTOMER} + n, 'customer', {RESELLER}, 'Customer ' || n, '2022-01-01', '2022-01-01'
from generate_series(0, {SMALL_CUSTOMERS}) as n;
insert into terms
select
    n, n::text::bytea, case when n % 4 = 0 then 'prepay' else 'all' end, '{{}}', 'all', '{{}}',
    '{{}}', 0, false, true, true
from generate_series(0, 19) as n;
insert into voucher (
    owner_uin, voucher_no, code, issuer_uin, funder_uin, terms_id, usage_kind, begin_at, end_at,
    issued_at, name, code_id, version, last_posted_at, face_micro, available_micro, held_micro,
    spent_micro, expired_micro, voided_micro, has_available, record_count, posting_count
)
select
    {LARGE_CUSTOMER} + case
        when n % {_TURN} = 0 then 0
        else 1 + (n - n / {_TURN} - 1) % {SMALL_CUSTOMERS}
    end,
    {FIRST_NO} + n, 'BENCHVOUCHER' || n, {RESELLER}, {RESELLER}, n / 7 % 20,
    case when n % 5 = 0 then 'product_trial' else 'customer_offer' end,
    v.issued_at, v.end_at, v.issued_at,
    'name ' || n / 1000, 'order ' || n / 1000, 1, v.issued_at, {_FACE_MICRO},
    case when v.is_used or v.has_ended then 0 else {_LEFT_MICRO} end, 0,
    case when v.is_used then {_FACE_MICRO} else {_FACE_MICRO - _LEFT_MICRO} end,
    case when v.has_ended and not v.is_used then {_LEFT_MICRO} else 0 end, 0,
    not (v.is_used or v.has_ended), 0, 1
from (
    select
        n, i.issued_at, n % 3 = 0 as is_used, i.issued_at + interval '400 days' as end_at,
        i.issued_at + interval '400 days' <= now() as has_ended
    from generate_series(0, {VOUCHERS - 1}) as n,
        lateral (
            -- The newest is issued today, however late the bench runs.
            select now() - ({VOUCHERS} - n) * interval '157 seconds' as issued_at
        ) as i
) as v;
insert into pool values (
    {RESELLER}, 1, now(), {VOUCHERS * _FACE_MICRO}, 0, {VOUCHERS * _FACE_MICRO}, 0, 0, {VOUCHERS}, 2
)
"""  # noqa: S608  # from constants


# What serves the lists, in the words that make it.
_INDEXES = """
select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
from pg_index as i
where i.indrelid = 'voucher'::regclass and not i.indisprimary
"""


def fill(server: Server) -> None:
    """Fills the empty database of a running server; takes about half a minute."""
    asyncio.run(_fill(server))


async def _fill(server: Server) -> None:
    """Without foreign keys looked up row by row, and with indexes built when all rows are there."""
    master_key = load_master_key(server.data / "master.key", may_create=False)
    connection = await asyncpg.connect(embedded.dsn(server.data), user=SUPERUSER)
    try:
        await connection.execute("set session_replication_role = replica")
        await connection.execute("set maintenance_work_mem = '256MB'")
        indexes = await connection.fetch(_INDEXES)
        async with connection.transaction():
            for index in indexes:
                await connection.execute(f"drop index {index['name']}")
            await connection.execute(_FILL)
            for index in indexes:
                await connection.execute(index["definition"])
            for uin, key in ((RESELLER, RESELLER_KEY), (LARGE_CUSTOMER, CUSTOMER_KEY)):
                await store_key(
                    connection,
                    master_key,
                    main_uin=uin,
                    secret_id=key.secret_id,
                    secret_key=key.secret_key,
                    at=_BEGINNING,
                )
        await connection.execute("vacuum (analyze) account, terms, voucher, pool")
    finally:
        await connection.close()
