-- Vouchers with value left whose end has come, those that ended first; at most $2. voucher_sweep.
select v.owner_uin, v.voucher_no
from voucher as v
where v.has_available and v.end_at <= $1::timestamptz
order by v.end_at
limit $2::integer
