-- Months whose count or sum is not that of their usage rows; reads all of a range of owners.
select d.kind, coalesce(u.owner_uin, m.owner_uin), coalesce(u.voucher_no, m.voucher_no),
    concat('month ', coalesce(u.month, m.month)) as place, d.expected, d.found
from (
    select
        r.owner_uin, r.voucher_no, r.month, count(*) as record_count,
        sum(case r.to_bucket when 'spent' then r.amount_micro else -r.amount_micro end)
            as amount_micro
    from usage as r
    where r.owner_uin > $1::bigint and r.owner_uin <= $2::bigint
    group by r.owner_uin, r.voucher_no, r.month
) as u
full join (
    select k.owner_uin, k.voucher_no, k.month, k.record_count, k.amount_micro
    from usage_month as k
    where k.owner_uin > $1::bigint and k.owner_uin <= $2::bigint
) as m on m.owner_uin = u.owner_uin and m.voucher_no = u.voucher_no and m.month = u.month
cross join lateral (
    values
        ('usage_month.record_count', u.record_count::text, m.record_count::text),
        ('usage_month.amount_micro', u.amount_micro::text, m.amount_micro::text)
) as d (kind, expected, found)
where (u.record_count, u.amount_micro) is distinct from (m.record_count, m.amount_micro)
    and d.expected is distinct from d.found
order by 2, 3, 4, 1
limit $3::integer
