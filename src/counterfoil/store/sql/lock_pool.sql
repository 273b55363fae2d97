-- Locks one partner's pool; pool_pkey.
select p.partner_uin
from pool as p
where p.partner_uin = $1::bigint
for update
