-- Locks these holds of one owner, in order of their numbers; hold_pkey.
select h.hold_id
from hold as h
where h.owner_uin = $1::bigint and h.hold_id = any($2::bigint[])
order by h.hold_id
for update
