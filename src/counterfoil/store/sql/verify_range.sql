-- Where a stretch of owners ends that holds about $3 vouchers; none where fewer are left.
-- voucher_pkey.
select v.owner_uin
from voucher as v
where v.owner_uin > $1::bigint and v.owner_uin <= $2::bigint
order by v.owner_uin, v.voucher_no
offset $3::integer
limit 1
