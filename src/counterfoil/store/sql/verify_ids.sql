-- Ids of usage rows and of movements that more than one row has; reads all of a range of owners.
select i.kind, min(i.owner_uin), min(i.voucher_no), concat('id ', i.id) as place, '1' as expected,
    count(*)::text as found
from (
    select 'usage.usage_id' as kind, u.owner_uin, u.voucher_no, u.usage_id as id
    from usage as u
    where u.owner_uin > $1::bigint and u.owner_uin <= $2::bigint
    union all
    select 'movement.movement_id', m.owner_uin, m.voucher_no, m.movement_id
    from movement as m
    where m.owner_uin > $1::bigint and m.owner_uin <= $2::bigint
) as i
group by i.kind, i.id
having count(*) > 1
order by 1, 2, 3
limit $3::integer
