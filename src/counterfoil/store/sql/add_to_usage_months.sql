-- Adds to the count and sum of months and answers the new counts; the rows are in nobody else's
-- hands, since their vouchers' are in ours. usage_month_pkey.
insert into usage_month as m (owner_uin, voucher_no, month, record_count, amount_micro)
select q.owner_uin, q.voucher_no, q.month, q.record_count, q.amount_micro
from unnest(
    $1::bigint[], $2::bigint[], $3::integer[], $4::integer[], $5::bigint[]
) as q (owner_uin, voucher_no, month, record_count, amount_micro)
on conflict (owner_uin, voucher_no, month) do update
set
    record_count = m.record_count + excluded.record_count,
    amount_micro = m.amount_micro + excluded.amount_micro
returning m.owner_uin, m.voucher_no, m.month, m.record_count
