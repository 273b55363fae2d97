-- Whether an account has a policy, what kind of principal it has under a number, and how many
-- policies that one has; policy_pkey, sub_user_pkey, role_pkey, attachment_pkey.
select
    exists (
        select 1
        from policy as p
        where p.policy_id = $2::bigint and p.main_uin = $1::bigint
    ) as has_policy,
    (
        select 'sub_user'
        from sub_user as s
        where s.uin = $3::bigint and s.main_uin = $1::bigint
        union all
        select 'role'
        from role as r
        where r.role_id = $3::bigint and r.main_uin = $1::bigint
    ) as principal_kind,
    (
        select count(1)
        from attachment as a
        where a.principal_kind in ('sub_user', 'role') and a.principal_id = $3::bigint
    ) as attached_count
