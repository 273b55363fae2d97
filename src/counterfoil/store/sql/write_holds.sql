-- Closes holds that are still at the version that was read; answers those it wrote. hold_pkey.
update hold as h
set version = h.version + 1, state = q.state, closed_at = q.closed_at
from unnest(
    $2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::timestamptz[]
) as q (owner_uin, hold_id, version, state, closed_at)
where ($1::bigint[] is null or h.owner_uin = any($1::bigint[]))
    and h.owner_uin = q.owner_uin
    and h.hold_id = q.hold_id
    and h.version = q.version
returning h.hold_id
