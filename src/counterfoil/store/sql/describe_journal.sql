-- The postings of one voucher behind posting number $3, of which the first $4 were usage, in order.
-- usage_pkey and movement_pkey, each read from where the page begins.
select
    j.posting_no, j.kind, j.from_bucket, j.to_bucket, j.amount_micro, j.posted_at, j.actor_uin,
    j.operation_id, j.movement_id, j.usage_id, j.corrects_usage_id, j.hold_id, j.paid_at,
    j.deal_name, j.bill_id, j.reason
from (
    (
        select
            u.posting_no, u.kind, u.from_bucket, u.to_bucket, u.amount_micro, u.posted_at,
            u.actor_uin, u.operation_id, null::bigint as movement_id, u.usage_id,
            u.corrects_usage_id, u.hold_id, u.paid_at, u.deal_name, u.bill_id, u.reason
        from usage as u
        where u.owner_uin = $1::bigint
            and u.voucher_no = $2::bigint
            and u.ordinal > $4::bigint
        order by u.ordinal
        limit $5::integer
    )
    union all
    (
        select
            m.posting_no, m.kind, m.from_bucket, m.to_bucket, m.amount_micro, m.posted_at,
            m.actor_uin, m.operation_id, m.movement_id, null, null, m.hold_id, null, '', '',
            m.reason
        from movement as m
        where m.owner_uin = $1::bigint
            and m.voucher_no = $2::bigint
            and m.posting_no > $3::bigint
        order by m.posting_no
        limit $5::integer
    )
) as j
order by j.posting_no
limit $5::integer
