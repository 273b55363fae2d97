-- Holds whose amount is not the sum of their parts, or whose owner is no account; reads all of a
-- range of owners.
select d.kind, h.owner_uin, null::bigint as voucher_no, concat('hold ', h.hold_id) as place,
    d.expected, d.found
from hold as h
left join (
    select p.owner_uin, p.hold_id, sum(p.amount_micro) as amount_micro
    from hold_voucher as p
    where p.owner_uin > $1::bigint and p.owner_uin <= $2::bigint
    group by p.owner_uin, p.hold_id
) as s on s.owner_uin = h.owner_uin and s.hold_id = h.hold_id
left join account as a on a.uin = h.owner_uin
cross join lateral (
    values
        ('hold.amount_micro', coalesce(s.amount_micro, 0)::text, h.amount_micro::text),
        ('hold.owner_uin', h.owner_uin::text, a.uin::text)
) as d (kind, expected, found)
where h.owner_uin > $1::bigint and h.owner_uin <= $2::bigint
    and d.expected is distinct from d.found
order by h.owner_uin, h.hold_id, d.kind
limit $3::integer
