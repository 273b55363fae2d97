-- The numbers of one owner's vouchers, the highest $2; voucher_pkey from its end.
select v.voucher_no
from voucher as v
where v.owner_uin = $1::bigint
order by v.voucher_no desc
limit $2::integer
