-- These partners' pools; pool_pkey.
select
    p.partner_uin, p.version, p.last_posted_at, p.total_micro, p.available_micro, p.issued_micro,
    p.returned_micro, p.allocated_micro, p.issued_count, p.movement_count
from pool as p
where p.partner_uin = any($1::bigint[])
