-- These usage rows by their place in their voucher; usage_pkey.
select u.owner_uin, u.voucher_no, u.ordinal, u.usage_id, u.amount_micro, u.lines
from unnest($2::bigint[], $3::bigint[], $4::integer[]) as q (owner_uin, voucher_no, ordinal)
join usage as u
    on u.owner_uin = q.owner_uin and u.voucher_no = q.voucher_no and u.ordinal = q.ordinal
where ($1::bigint[] is null or u.owner_uin = any($1::bigint[]))
