-- Locks these vouchers of one owner, in order of their numbers; voucher_pkey.
select v.voucher_no
from voucher as v
where v.owner_uin = $1::bigint and v.voucher_no = any($2::bigint[])
order by v.voucher_no
for update
