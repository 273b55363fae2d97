-- What had moved from bucket to bucket of one voucher before an instant, apart for holds whose
-- deadline had come by then; reads the voucher's postings. usage_pkey, movement_pkey, hold_pkey.
select
    j.from_bucket, j.to_bucket, coalesce(h.expires_at < $3::timestamptz, false) as is_late,
    sum(j.amount_micro)::bigint as amount_micro
from (
    select u.from_bucket, u.to_bucket, u.amount_micro, u.hold_id
    from usage as u
    where u.owner_uin = $1::bigint
        and u.voucher_no = $2::bigint
        and u.posted_at < $3::timestamptz
    union all
    select m.from_bucket, m.to_bucket, m.amount_micro, m.hold_id
    from movement as m
    where m.owner_uin = $1::bigint
        and m.voucher_no = $2::bigint
        and m.posted_at < $3::timestamptz
) as j
left join hold as h on h.owner_uin = $1::bigint and h.hold_id = j.hold_id
group by j.from_bucket, j.to_bucket, is_late
