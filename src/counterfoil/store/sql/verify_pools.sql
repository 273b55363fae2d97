-- Pools whose balances and counts are not those that their movements come to, and movements
-- without a pool; reads all pools.
select d.kind, coalesce(p.partner_uin, j.partner_uin), null::bigint as voucher_no, '' as place,
    d.expected, d.found
from pool as p
full join (
    select
        m.partner_uin,
        max(m.posted_at) as last_posted_at,
        sum(case 'quota' when m.from_bucket then m.amount_micro
            when m.to_bucket then -m.amount_micro else 0 end) as total_micro,
        sum(case 'available' when m.to_bucket then m.amount_micro
            when m.from_bucket then -m.amount_micro else 0 end) as available_micro,
        sum(case m.to_bucket when 'issued' then m.amount_micro else 0 end) as issued_micro,
        sum(case m.from_bucket when 'returned' then m.amount_micro else 0 end) as returned_micro,
        sum(case 'allocated' when m.to_bucket then m.amount_micro
            when m.from_bucket then -m.amount_micro else 0 end) as allocated_micro,
        sum(case m.kind when 'issue' then 1 else 0 end) as issued_count,
        count(*) as movement_count
    from pool_movement as m
    group by m.partner_uin
) as j on j.partner_uin = p.partner_uin
cross join lateral (
    values
        ('pool.partner_uin', j.partner_uin::text, p.partner_uin::text),
        ('pool.total_micro', j.total_micro::text, p.total_micro::text),
        ('pool.available_micro', j.available_micro::text, p.available_micro::text),
        ('pool.issued_micro', j.issued_micro::text, p.issued_micro::text),
        ('pool.returned_micro', j.returned_micro::text, p.returned_micro::text),
        ('pool.allocated_micro', j.allocated_micro::text, p.allocated_micro::text),
        ('pool.issued_count', j.issued_count::text, p.issued_count::text),
        ('pool.movement_count', j.movement_count::text, p.movement_count::text),
        ('pool.last_posted_at', j.last_posted_at::text, p.last_posted_at::text)
) as d (kind, expected, found)
where d.expected is distinct from d.found
    and (d.kind = 'pool.partner_uin' or (p.partner_uin is not null and j.partner_uin is not null))
order by 2, 1
limit $1::integer
