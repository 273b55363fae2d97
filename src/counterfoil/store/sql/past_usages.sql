-- These usage rows, and the sum of their corrections so far (signed); usage_by_id and
-- usage_corrections.
select
    u.owner_uin, u.voucher_no, u.ordinal, u.posting_no, u.usage_id, u.operation_id, u.kind,
    u.hold_id, u.corrects_usage_id, u.reason, u.from_bucket, u.to_bucket, u.amount_micro,
    u.pay_mode, u.pay_scene, u.deal_name, u.bill_id, u.paid_at, u.completed_at, u.lines,
    u.posted_at, u.actor_uin,
    coalesce((
        select sum(case when c.to_bucket = 'spent' then c.amount_micro else -c.amount_micro end)
        from usage as c
        where c.owner_uin = u.owner_uin and c.corrects_usage_id = u.usage_id
    ), 0)::bigint as corrected_micro
from unnest($2::bigint[], $3::bigint[]) as q (owner_uin, usage_id)
join usage as u on u.owner_uin = q.owner_uin and u.usage_id = q.usage_id
where u.owner_uin = any($1::bigint[])
