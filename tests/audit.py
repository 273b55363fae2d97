"""What must hold in the books, as plain SQL of the tests' own: each statement finds what breaks it.

`$1` are the owners, or the partners, to look at; null means all of them.
"""

from counterfoil.store.database import Connection, Database

_JOURNAL = """
    select u.owner_uin, u.voucher_no, u.posting_no, u.from_bucket, u.to_bucket, u.amount_micro,
        u.posted_at, u.operation_id, u.usage_id as row_id, true as is_usage
    from usage as u
    where $1::bigint[] is null or u.owner_uin = any($1)
    union all
    select m.owner_uin, m.voucher_no, m.posting_no, m.from_bucket, m.to_bucket, m.amount_micro,
        m.posted_at, m.operation_id, m.movement_id, false
    from movement as m
    where $1::bigint[] is null or m.owner_uin = any($1)
"""

_VOUCHERS = """
    with journal as (JOURNAL),
    entry as (
        select owner_uin, voucher_no, to_bucket as bucket, amount_micro from journal
        union all
        select owner_uin, voucher_no, from_bucket, -amount_micro from journal
    ),
    balance as (
        select owner_uin, voucher_no,
            coalesce(-sum(amount_micro) filter (where bucket = 'mint'), 0) as face,
            coalesce(sum(amount_micro) filter (where bucket = 'available'), 0) as available,
            coalesce(sum(amount_micro) filter (where bucket = 'held'), 0) as held,
            coalesce(sum(amount_micro) filter (where bucket = 'spent'), 0) as spent,
            coalesce(sum(amount_micro) filter (where bucket = 'expired'), 0) as expired,
            coalesce(sum(amount_micro) filter (where bucket = 'voided'), 0) as voided
        from entry group by owner_uin, voucher_no
    ),
    counted as (
        select owner_uin, voucher_no, count(*) as postings, max(posting_no) as last_no,
            count(distinct posting_no) as places, count(*) filter (where is_usage) as usages,
            max(posted_at) as last_posted_at
        from journal group by owner_uin, voucher_no
    )
    select v.owner_uin, v.voucher_no, 'balances' as what
    from voucher as v
    left join balance as b using (owner_uin, voucher_no)
    left join counted as c using (owner_uin, voucher_no)
    where ($1::bigint[] is null or v.owner_uin = any($1))
        and (v.face_micro, v.available_micro, v.held_micro, v.spent_micro, v.expired_micro,
            v.voided_micro, v.posting_count::bigint, v.record_count::bigint, v.last_posted_at)
        is distinct from (b.face, b.available, b.held, b.spent, b.expired, b.voided,
            c.postings, c.usages, c.last_posted_at)
    union all
    select owner_uin, voucher_no, 'posting numbers' from counted
    where last_no <> postings or places <> postings
    union all
    select owner_uin, voucher_no, 'posting without voucher' from balance
    where not exists (
        select from voucher as v
        where v.owner_uin = balance.owner_uin and v.voucher_no = balance.voucher_no
    )
    union all
    select owner_uin, voucher_no, 'time runs back' from (
        select owner_uin, voucher_no, posted_at < lag(posted_at) over (
            partition by owner_uin, voucher_no order by posting_no
        ) as is_back
        from journal
    ) as ordered
    where is_back
    union all
    select owner_uin, voucher_no, 'spent after the end' from usage
    join voucher using (owner_uin, voucher_no)
    where ($1::bigint[] is null or owner_uin = any($1))
        and from_bucket = 'available'
        and (posted_at >= end_at or posted_at < begin_at or posted_at > voided_at)
"""

_MONTHS = """
    with own as (select * from usage where $1::bigint[] is null or owner_uin = any($1)),
    summed as (
        select owner_uin, voucher_no, month, count(*) as records, max(month_ordinal) as last_no,
            count(distinct month_ordinal) as places,
            sum(case when to_bucket = 'spent' then amount_micro else -amount_micro end) as amount
        from own group by owner_uin, voucher_no, month
    )
    select coalesce(s.owner_uin, m.owner_uin), coalesce(s.voucher_no, m.voucher_no), 'month sums'
    from summed as s
    full join (
        select * from usage_month where $1::bigint[] is null or owner_uin = any($1)
    ) as m using (owner_uin, voucher_no, month)
    where (m.record_count::bigint, m.amount_micro::numeric) is distinct from (s.records, s.amount)
        or s.last_no <> s.records or s.places <> s.records
    union all
    select owner_uin, voucher_no, 'ordinals' from (
        select owner_uin, voucher_no, count(*) as records, max(ordinal) as last_no
        from own group by owner_uin, voucher_no
    ) as c
    where last_no <> records
    union all
    select owner_uin, voucher_no, 'month' from own
    where month <> to_char(paid_at at time zone interval '8 hours', 'YYYYMM')::integer
    union all
    select owner_uin, voucher_no, 'lines' from own
    where amount_micro <> (
        select sum((line ->> 'amount_micro')::bigint) from jsonb_array_elements(lines) as line
    ) or exists (
        select from jsonb_array_elements(lines) as line
        where (line ->> 'amount_micro')::bigint <= 0
    )
    union all
    select u.owner_uin, u.voucher_no, 'corrections' from own as u
    left join lateral (
        select sum(case when c.to_bucket = 'spent' then c.amount_micro else -c.amount_micro end)
            as amount
        from usage as c
        where c.owner_uin = u.owner_uin and c.corrects_usage_id = u.usage_id
    ) as corrected on true
    where (u.corrects_usage_id is null and u.amount_micro + corrected.amount < 0)
        or (u.corrects_usage_id is not null and corrected.amount is not null)
    union all
    select c.owner_uin, c.voucher_no, 'corrects a stranger' from own as c
    where c.corrects_usage_id is not null and not exists (
        select from usage as u
        where u.owner_uin = c.owner_uin and u.voucher_no = c.voucher_no
            and u.usage_id = c.corrects_usage_id and u.ordinal < c.ordinal
    )
"""

_HOLDS = """
    with journal as (JOURNAL),
    part as (
        select p.owner_uin, p.hold_id, p.voucher_no, p.amount_micro, h.state
        from hold_voucher as p
        join hold as h using (owner_uin, hold_id)
        where $1::bigint[] is null or p.owner_uin = any($1)
    ),
    moved as (
        select m.owner_uin, m.hold_id, m.voucher_no,
            sum(m.amount_micro) filter (where m.to_bucket = 'held') as held,
            sum(m.amount_micro) filter (where m.from_bucket = 'held') as let_go
        from (
            select owner_uin, hold_id, voucher_no, from_bucket, to_bucket, amount_micro
            from movement
            where hold_id is not null
            union all
            select owner_uin, hold_id, voucher_no, from_bucket, to_bucket, amount_micro
            from usage
            where hold_id is not null
        ) as m
        where $1::bigint[] is null or m.owner_uin = any($1)
        group by m.owner_uin, m.hold_id, m.voucher_no
    )
    select owner_uin, hold_id, 'parts' as what from part
    full join moved using (owner_uin, hold_id, voucher_no)
    where held is distinct from amount_micro
        or coalesce(let_go, 0) <> case when state = 'open' then 0 else amount_micro end
    union all
    select v.owner_uin, v.voucher_no, 'held' from voucher as v
    where ($1::bigint[] is null or v.owner_uin = any($1)) and v.held_micro <> coalesce((
        select sum(p.amount_micro) from part as p
        where p.owner_uin = v.owner_uin and p.voucher_no = v.voucher_no and p.state = 'open'
    ), 0)
    union all
    select h.owner_uin, h.hold_id, 'amount' from hold as h
    where ($1::bigint[] is null or h.owner_uin = any($1)) and h.amount_micro <> coalesce((
        select sum(p.amount_micro) from part as p
        where p.owner_uin = h.owner_uin and p.hold_id = h.hold_id
    ), 0)
    union all
    select h.owner_uin, h.hold_id, 'captured late' from hold as h
    where ($1::bigint[] is null or h.owner_uin = any($1))
        and h.state = 'captured' and h.closed_at >= h.expires_at
    union all
    select j.owner_uin, j.voucher_no, 'holds nothing' from journal as j
    where j.amount_micro <= 0
"""

_POOLS = """
    with entry as (
        select partner_uin, from_bucket, to_bucket, amount_micro, ordinal, kind, posted_at
        from pool_movement
        where $1::bigint[] is null or partner_uin = any($1)
    ),
    balance as (
        select partner_uin, count(*) as movements, max(ordinal) as last_no,
            count(*) filter (where kind = 'issue') as issues, max(posted_at) as last_posted_at,
            coalesce(sum(amount_micro) filter (where from_bucket = 'quota'), 0)
            - coalesce(sum(amount_micro) filter (where to_bucket = 'quota'), 0) as total,
            coalesce(sum(amount_micro) filter (where to_bucket = 'available'), 0)
            - coalesce(sum(amount_micro) filter (where from_bucket = 'available'), 0) as available,
            coalesce(sum(amount_micro) filter (where to_bucket = 'issued'), 0) as issued,
            coalesce(sum(amount_micro) filter (where from_bucket = 'returned'), 0) as returned,
            coalesce(sum(amount_micro) filter (where to_bucket = 'allocated'), 0)
            - coalesce(sum(amount_micro) filter (where from_bucket = 'allocated'), 0) as allocated
        from entry group by partner_uin
    )
    select partner_uin, 0::bigint, 'pool'
    from (
        select * from pool where $1::bigint[] is null or partner_uin = any($1)
    ) as p
    full join balance as b using (partner_uin)
    where (p.total_micro, p.available_micro, p.issued_micro, p.returned_micro, p.allocated_micro,
            p.issued_count, p.movement_count, p.last_posted_at)
        is distinct from (b.total, b.available, b.issued, b.returned, b.allocated, b.issues,
            b.movements, b.last_posted_at)
        or b.last_no <> b.movements
    union all
    select p.partner_uin, p.movement_id, 'one side of an allocation' from pool_movement as p
    where ($1::bigint[] is null or p.partner_uin = any($1))
        and p.counterpart_uin is not null and not exists (
            select from pool_movement as q
            where q.partner_uin = p.counterpart_uin and q.counterpart_uin = p.partner_uin
                and q.operation_id = p.operation_id and q.amount_micro = p.amount_micro
                and (q.kind, p.kind) in (('grant', 'allocate'), ('allocate', 'grant'),
                    ('reclaim', 'deallocate'), ('deallocate', 'reclaim'))
        )
"""

_FUNDING = """
    with journal as (JOURNAL),
    owed as (
        select v.funder_uin, j.owner_uin, j.voucher_no, j.operation_id, j.row_id, j.amount_micro,
            case when j.from_bucket = 'mint' then 'issue' else 'return' end as kind
        from journal as j
        join voucher as v using (owner_uin, voucher_no)
        join terms as t using (terms_id)
        where v.funder_uin is not null and (
            j.from_bucket = 'mint'
            or (j.to_bucket = 'expired' and t.returns_on_expiry)
            or (j.to_bucket = 'voided' and t.returns_on_withdrawal)
        )
    ),
    posted as (
        select p.partner_uin, p.voucher_owner_uin, p.voucher_no, p.operation_id,
            p.cause_movement_id, p.amount_micro, p.kind
        from pool_movement as p
        where p.kind in ('issue', 'return')
            and ($1::bigint[] is null or p.voucher_owner_uin = any($1))
    )
    select coalesce(o.owner_uin, p.voucher_owner_uin), coalesce(o.voucher_no, p.voucher_no),
        'quota'
    from owed as o
    full join posted as p
        on p.partner_uin = o.funder_uin and p.voucher_owner_uin = o.owner_uin
        and p.voucher_no = o.voucher_no and p.operation_id = o.operation_id and p.kind = o.kind
        and p.amount_micro = o.amount_micro
        and coalesce(p.cause_movement_id, o.row_id) = o.row_id
    where o.owner_uin is null or p.voucher_no is null
"""

_TOKENS = """
    select i.owner_uin, i.operation_id, 'token' as what
    from idempotency as i
    where ($1::bigint[] is null or i.owner_uin = any($1))
        and (i.operation_id in (
            select j.operation_id from idempotency as j
            group by j.operation_id having count(*) > 1
        ) or (i.answer ->> 0 = 'kept_charge' and (i.answer ->> 1)::bigint <> coalesce((
            select sum(u.amount_micro)
            from jsonb_array_elements(i.answer -> 3) as place
            join usage as u
                on u.owner_uin = i.owner_uin and u.voucher_no = (place ->> 0)::bigint
                and u.ordinal = (place ->> 1)::integer and u.operation_id = i.operation_id
        ), 0)))
"""

_IDS = """
    select 0::bigint, row_id, what from (
        select usage_id as row_id, 'usage id' as what from usage
        union all
        select movement_id, 'movement id' from movement
        union all
        select movement_id, 'movement id' from pool_movement
    ) as numbered
    group by row_id, what
    having count(*) > 1
"""

_OF_OWNERS = (_VOUCHERS, _MONTHS, _HOLDS, _FUNDING, _TOKENS)


async def breaches(
    connection: Connection, owner_uins: list[int] | None, partner_uins: list[int] | None
) -> list[tuple[int, int, str]]:
    """What is wrong in the books of these owners and partners: (uin, number, what)."""
    found: list[tuple[int, int, str]] = []
    for sql in _OF_OWNERS:
        whole = sql.replace("JOURNAL", _JOURNAL)
        found += map(tuple, await connection.fetch(whole, owner_uins))
    found += map(tuple, await connection.fetch(_POOLS, partner_uins))
    return found


async def all_breaches(database: Database) -> list[tuple[int, int, str]]:
    """What is wrong anywhere in the books."""
    async with database.transaction() as connection:
        return await breaches(connection, None, None) + [
            tuple(row) for row in await connection.fetch(_IDS)
        ]
