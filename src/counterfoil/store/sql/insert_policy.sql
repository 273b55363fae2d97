-- A new policy, unless its account has one of that name; policy_main_uin_name_key.
insert into policy (policy_id, main_uin, name, description, document, created_at)
values ($1::bigint, $2::bigint, $3::text, $4::text, $5::jsonb, $6::timestamptz)
on conflict (main_uin, name) do nothing
returning policy_id
