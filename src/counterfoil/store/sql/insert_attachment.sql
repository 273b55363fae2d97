-- Attaches a policy, where it is not attached already; attachment_pkey.
insert into attachment (policy_id, principal_kind, principal_id, created_at)
values ($1::bigint, $2::text, $3::bigint, $4::timestamptz)
on conflict (principal_kind, principal_id, policy_id) do nothing
