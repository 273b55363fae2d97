-- What had moved from bucket to bucket of one partner's quota before an instant; reads the
-- partner's movements. pool_movement_pkey.
select m.from_bucket, m.to_bucket, sum(m.amount_micro)::bigint as amount_micro
from pool_movement as m
where m.partner_uin = $1::bigint and m.posted_at < $2::timestamptz
group by m.from_bucket, m.to_bucket
