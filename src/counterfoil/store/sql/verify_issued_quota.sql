-- Vouchers out of a pool whose face is not what that pool has issued for them, and quota issued
-- for no such voucher; reads all vouchers and all quota issued for a range of owners.
select 'pool_movement.issued_micro' as kind, coalesce(v.owner_uin, m.owner_uin),
    coalesce(v.voucher_no, m.voucher_no), concat('pool ', coalesce(v.partner_uin, m.partner_uin))
    as place, v.face_micro::text as expected, m.amount_micro::text as found
from (
    select w.funder_uin as partner_uin, w.owner_uin, w.voucher_no, w.face_micro
    from voucher as w
    where w.owner_uin > $1::bigint and w.owner_uin <= $2::bigint and w.funder_uin is not null
) as v
full join (
    select
        q.partner_uin, q.voucher_owner_uin as owner_uin, q.voucher_no,
        sum(q.amount_micro) as amount_micro
    from pool_movement as q
    where q.kind = 'issue'
        and q.voucher_owner_uin > $1::bigint and q.voucher_owner_uin <= $2::bigint
    group by q.partner_uin, q.voucher_owner_uin, q.voucher_no
) as m
    on m.partner_uin = v.partner_uin
    and m.owner_uin = v.owner_uin
    and m.voucher_no = v.voucher_no
where v.face_micro is distinct from m.amount_micro
order by 2, 3, 4
limit $3::integer
