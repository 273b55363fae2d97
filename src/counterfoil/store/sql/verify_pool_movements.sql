-- Movements of quota that are out of their place or can't have been made, the first of each kind
-- and pool; reads all pools.
select distinct on (p.partner_uin, d.kind)
    d.kind, p.partner_uin, null::bigint as voucher_no, concat('movement ', p.ordinal) as place,
    d.expected, d.found
from (
    select
        m.partner_uin, m.ordinal, m.posted_at,
        concat_ws(' ', m.kind, m.from_bucket, m.to_bucket) as way,
        m.kind in ('issue', 'return') as is_of_voucher,
        m.voucher_owner_uin is not null and m.voucher_no is not null as names_voucher,
        row_number() over posted as place,
        max(m.posted_at) over posted as not_before,
        least(
            sum(case 'available' when m.to_bucket then m.amount_micro
                when m.from_bucket then -m.amount_micro else 0 end) over posted,
            sum(case 'allocated' when m.to_bucket then m.amount_micro
                when m.from_bucket then -m.amount_micro else 0 end) over posted
        ) as least_micro
    from pool_movement as m
    window posted as (partition by m.partner_uin order by m.ordinal rows unbounded preceding)
) as p
cross join lateral (
    values
        ('pool_movement.ordinal', p.place::text, p.ordinal::text),
        ('pool_movement.posted_at', p.not_before::text, p.posted_at::text),
        ('pool_movement.overdrawn_micro', '0', least(p.least_micro, 0)::text),
        ('pool_movement.voucher_no', p.is_of_voucher::text, p.names_voucher::text),
        ('pool_movement.way', case when p.way = any($2::text[]) then p.way end, p.way)
) as d (kind, expected, found)
where (
        p.ordinal <> p.place
        or p.posted_at < p.not_before
        or p.least_micro < 0
        or p.is_of_voucher <> p.names_voucher
        or p.way <> all($2::text[])
    )
    and d.expected is distinct from d.found
order by p.partner_uin, d.kind, p.ordinal
limit $1::integer
