-- The policies attached to one sub-user or role of an account; a row of nulls where it has none,
-- and no row where there is no such principal. sub_user_pkey, role_pkey, attachment_pkey.
select p.policy_id, p.document::text as document
from (
    select 'sub_user' as kind, s.uin as principal_id
    from sub_user as s
    where s.uin = $2::bigint and s.main_uin = $1::bigint
    union all
    select 'role', r.role_id
    from role as r
    where r.role_id = $2::bigint and r.main_uin = $1::bigint
) as q
left join attachment as a on a.principal_kind = q.kind and a.principal_id = q.principal_id
left join policy as p on p.policy_id = a.policy_id
order by p.policy_id
