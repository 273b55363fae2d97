-- The account directly above each of these; account_pkey.
select a.uin, a.parent_uin
from account as a
where a.uin = any($1::bigint[])
