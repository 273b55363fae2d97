-- The policies attached to these sub-users and roles, which share one range of numbers;
-- attachment_pkey and policy_pkey.
select a.principal_id, p.policy_id, p.document::text as document
from attachment as a
join policy as p on p.policy_id = a.policy_id
where a.principal_kind in ('sub_user', 'role') and a.principal_id = any($1::bigint[])
order by a.principal_id, p.policy_id
