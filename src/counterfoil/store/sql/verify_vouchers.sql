-- Vouchers whose balances and counts are not those that their journal comes to, and journals
-- without a voucher; reads all of a range of owners.
select d.kind, coalesce(v.owner_uin, p.owner_uin), coalesce(v.voucher_no, p.voucher_no),
    '' as place, d.expected, d.found
from (
    select
        w.owner_uin, w.voucher_no, w.last_posted_at, w.face_micro, w.available_micro,
        w.held_micro, w.spent_micro, w.expired_micro, w.voided_micro, w.has_available,
        w.record_count, w.posting_count
    from voucher as w
    where w.owner_uin > $1::bigint and w.owner_uin <= $2::bigint
) as v
full join (
    select
        j.owner_uin, j.voucher_no,
        max(j.posted_at) as last_posted_at,
        sum(case j.from_bucket when 'mint' then j.amount_micro else 0 end) as face_micro,
        sum(case 'available' when j.to_bucket then j.amount_micro
            when j.from_bucket then -j.amount_micro else 0 end) as available_micro,
        sum(case 'held' when j.to_bucket then j.amount_micro
            when j.from_bucket then -j.amount_micro else 0 end) as held_micro,
        sum(case 'spent' when j.to_bucket then j.amount_micro
            when j.from_bucket then -j.amount_micro else 0 end) as spent_micro,
        sum(case j.to_bucket when 'expired' then j.amount_micro else 0 end) as expired_micro,
        sum(case j.to_bucket when 'voided' then j.amount_micro else 0 end) as voided_micro,
        sum(j.records) as record_count,
        count(*) as posting_count
    from (
        select u.owner_uin, u.voucher_no, u.from_bucket, u.to_bucket, u.amount_micro,
            u.posted_at, 1 as records
        from usage as u
        where u.owner_uin > $1::bigint and u.owner_uin <= $2::bigint
        union all
        select m.owner_uin, m.voucher_no, m.from_bucket, m.to_bucket, m.amount_micro,
            m.posted_at, 0 as records
        from movement as m
        where m.owner_uin > $1::bigint and m.owner_uin <= $2::bigint
    ) as j
    group by j.owner_uin, j.voucher_no
) as p on p.owner_uin = v.owner_uin and p.voucher_no = v.voucher_no
cross join lateral (
    values
        ('voucher.voucher_no', p.voucher_no::text, v.voucher_no::text),
        ('voucher.face_micro', p.face_micro::text, v.face_micro::text),
        ('voucher.available_micro', p.available_micro::text, v.available_micro::text),
        ('voucher.held_micro', p.held_micro::text, v.held_micro::text),
        ('voucher.spent_micro', p.spent_micro::text, v.spent_micro::text),
        ('voucher.expired_micro', p.expired_micro::text, v.expired_micro::text),
        ('voucher.voided_micro', p.voided_micro::text, v.voided_micro::text),
        ('voucher.has_available', (p.available_micro > 0)::text, v.has_available::text),
        ('voucher.record_count', p.record_count::text, v.record_count::text),
        ('voucher.posting_count', p.posting_count::text, v.posting_count::text),
        ('voucher.last_posted_at', p.last_posted_at::text, v.last_posted_at::text)
) as d (kind, expected, found)
where (
        v.face_micro, v.available_micro, v.held_micro, v.spent_micro, v.expired_micro,
        v.voided_micro, v.has_available, v.record_count, v.posting_count, v.last_posted_at
    ) is distinct from (
        p.face_micro, p.available_micro, p.held_micro, p.spent_micro, p.expired_micro,
        p.voided_micro, p.available_micro > 0, p.record_count, p.posting_count, p.last_posted_at
    )
    and d.expected is distinct from d.found
    and (d.kind = 'voucher.voucher_no' or (v.voucher_no is not null and p.voucher_no is not null))
order by 2, 3, 1
limit $3::integer
