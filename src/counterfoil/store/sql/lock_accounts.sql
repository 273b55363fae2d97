-- Locks these accounts against being moved and against new rows that name them; account_pkey.
select a.uin
from account as a
where a.uin = any($1::bigint[])
order by a.uin
for update
