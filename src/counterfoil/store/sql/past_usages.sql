-- These usage rows; usage_by_id.
select
    u.owner_uin, u.voucher_no, u.ordinal, u.posting_no, u.usage_id, u.operation_id, u.kind,
    u.hold_id, u.corrects_usage_id, u.reason, u.from_bucket, u.to_bucket, u.amount_micro,
    u.pay_mode, u.pay_scene, u.deal_name, u.bill_id, u.paid_at, u.completed_at, u.lines,
    u.posted_at, u.actor_uin
from unnest($2::bigint[], $3::bigint[]) as q (owner_uin, usage_id)
join usage as u on u.owner_uin = q.owner_uin and u.usage_id = q.usage_id
where ($1::bigint[] is null or u.owner_uin = any($1::bigint[]))
