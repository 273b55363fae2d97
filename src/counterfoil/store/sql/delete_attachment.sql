-- Takes a policy off; attachment_pkey.
delete from attachment as a
where a.policy_id = $1::bigint and a.principal_kind = $2::text and a.principal_id = $3::bigint
returning a.policy_id
