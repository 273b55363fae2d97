-- The next keys of an account and its sub-users, and when each was last used; credential_page and
-- credential_use_pkey.
select
    c.secret_id, coalesce(c.sub_uin, c.main_uin) as uin, c.created_at, c.disabled_at,
    u.last_used_at
from credential as c
left join credential_use as u on u.secret_id = c.secret_id
where c.main_uin = $1::bigint and c.secret_id > $2::text
order by c.secret_id
limit $3::integer
