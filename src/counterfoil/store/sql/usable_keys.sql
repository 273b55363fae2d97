-- The keys of an account and its sub-users that are not disabled; credential_owner.
select c.secret_id
from credential as c
where c.main_uin = $1::bigint and c.disabled_at is null
