-- When keys were last used; credential_use_pkey.
insert into credential_use (secret_id, last_used_at)
select q.secret_id, q.used_at
from unnest($1::text[], $2::timestamptz[]) as q (secret_id, used_at)
order by q.secret_id
on conflict (secret_id) do update
set last_used_at = greatest(credential_use.last_used_at, excluded.last_used_at)
