-- Whether an account, a sub-user or a role has this number; account_pkey, sub_user_pkey, role_pkey.
select
    exists (select 1 from account as a where a.uin = $1::bigint)
    or exists (select 1 from sub_user as s where s.uin = $1::bigint)
    or exists (select 1 from role as r where r.role_id = $1::bigint) as is_taken
