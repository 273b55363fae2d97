-- Writes pools that are still at the version that was read; answers those it wrote. pool_pkey.
update pool as p
set
    version = p.version + 1,
    last_posted_at = q.last_posted_at,
    total_micro = q.total_micro,
    available_micro = q.available_micro,
    issued_micro = q.issued_micro,
    returned_micro = q.returned_micro,
    allocated_micro = q.allocated_micro,
    issued_count = q.issued_count,
    movement_count = q.movement_count
from unnest(
    $1::bigint[], $2::bigint[], $3::timestamptz[], $4::bigint[], $5::bigint[], $6::bigint[],
    $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[]
) as q (
    partner_uin, version, last_posted_at, total_micro, available_micro, issued_micro,
    returned_micro, allocated_micro, issued_count, movement_count
)
where p.partner_uin = any($1::bigint[])
    and p.partner_uin = q.partner_uin
    and p.version = q.version
returning p.partner_uin
