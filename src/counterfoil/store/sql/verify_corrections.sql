-- Corrections of something else than an earlier original row of their voucher, and rows that
-- corrections have taken more from than there was; reads all of a range of owners.
select d.kind, c.owner_uin, c.voucher_no, concat('usage ', c.corrects_usage_id) as place,
    d.expected, d.found
from (
    select
        r.owner_uin, r.voucher_no, r.corrects_usage_id, min(r.ordinal) as ordinal,
        sum(case r.to_bucket when 'spent' then r.amount_micro else -r.amount_micro end)
            as amount_micro
    from usage as r
    where r.owner_uin > $1::bigint and r.owner_uin <= $2::bigint
        and r.corrects_usage_id is not null
    group by r.owner_uin, r.voucher_no, r.corrects_usage_id
) as c
left join (
    select o.owner_uin, o.voucher_no, o.usage_id, o.ordinal, o.amount_micro
    from usage as o
    where o.owner_uin > $1::bigint and o.owner_uin <= $2::bigint
        and o.corrects_usage_id is null
) as u on u.owner_uin = c.owner_uin
    and u.voucher_no = c.voucher_no
    and u.usage_id = c.corrects_usage_id
    and u.ordinal < c.ordinal
cross join lateral (
    values
        ('usage.corrects_usage_id', 'an original', case when u.usage_id is null then 'none'
            else 'an original' end),
        ('usage.net_micro', '0', least(u.amount_micro + c.amount_micro, 0)::text)
) as d (kind, expected, found)
where d.expected <> d.found
order by 2, 3, 4, 1
limit $3::integer
