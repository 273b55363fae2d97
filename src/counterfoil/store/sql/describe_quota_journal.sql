-- The movements of one partner's quota behind number $2, in order; pool_movement_pkey.
select
    m.ordinal, m.kind, m.from_bucket, m.to_bucket, m.amount_micro, m.posted_at, m.actor_uin,
    m.operation_id, m.movement_id, m.counterpart_uin, m.voucher_owner_uin, m.voucher_no,
    m.cause_movement_id, m.reason
from pool_movement as m
where m.partner_uin = $1::bigint and m.ordinal > $2::bigint
order by m.ordinal
limit $3::integer
