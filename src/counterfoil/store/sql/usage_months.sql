-- The count and sum of these vouchers' months so far; usage_month_pkey.
select m.owner_uin, m.voucher_no, m.month, m.record_count, m.amount_micro
from unnest($2::bigint[], $3::bigint[], $4::integer[]) as q (owner_uin, voucher_no, month)
join usage_month as m
    on m.owner_uin = q.owner_uin and m.voucher_no = q.voucher_no and m.month = q.month
where m.owner_uin = any($1::bigint[])
