-- Puts accounts below other ones; account_pkey.
update account as a
set parent_uin = q.parent_uin, bound_at = $3::timestamptz
from unnest($1::bigint[], $2::bigint[]) as q (uin, parent_uin)
where a.uin = q.uin
