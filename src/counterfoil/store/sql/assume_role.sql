-- A role of an account by its number or its name, and what the account is; role_pkey,
-- role_main_uin_name_key, account_pkey.
select r.role_id, r.trust::text as trust, r.session_max_s, a.kind, a.is_sample
from role as r
join account as a on a.uin = r.main_uin
where r.main_uin = $1::bigint and (r.role_id = $2::bigint or r.name = $3::text)
