-- The next policies of an account by id, each with those it is attached to; policy_page and
-- attachment_policy.
select
    p.policy_id, p.name, p.description, p.document::text as document, p.created_at,
    array(
        select a.principal_id
        from attachment as a
        where a.policy_id = p.policy_id
        order by a.principal_id
    ) as principal_ids
from policy as p
where p.main_uin = $1::bigint and p.policy_id > $2::bigint
order by p.policy_id
limit $3::integer
