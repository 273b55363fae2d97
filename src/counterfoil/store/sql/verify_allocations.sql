-- Pairs of partners where what the upper one has allocated to the lower is not what the lower one
-- was granted by it; reads all pools.
select 'pool_movement.allocated_micro' as kind, above.partner_uin, null::bigint as voucher_no,
    concat('partner ', below.partner_uin) as place,
    below.amount_micro::text as expected, above.amount_micro::text as found
from (
    select
        m.partner_uin, m.counterpart_uin,
        sum(case m.kind when 'allocate' then m.amount_micro else -m.amount_micro end)
            as amount_micro
    from pool_movement as m
    where m.kind in ('allocate', 'deallocate')
    group by m.partner_uin, m.counterpart_uin
) as above
full join (
    select
        m.partner_uin, m.counterpart_uin,
        sum(case m.kind when 'grant' then m.amount_micro else -m.amount_micro end) as amount_micro
    from pool_movement as m
    where m.kind in ('grant', 'reclaim') and m.counterpart_uin is not null
    group by m.partner_uin, m.counterpart_uin
) as below
    on below.partner_uin = above.counterpart_uin and below.counterpart_uin = above.partner_uin
where above.amount_micro is distinct from below.amount_micro
order by 2, 4
limit $1::integer
