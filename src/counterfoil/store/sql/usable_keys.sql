-- The keys of an account and its sub-users that are not disabled, and who signs with each;
-- credential_owner.
select c.secret_id, coalesce(c.sub_uin, c.main_uin) as uin
from credential as c
where c.main_uin = $1::bigint and c.disabled_at is null
