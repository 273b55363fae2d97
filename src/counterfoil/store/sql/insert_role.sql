-- A new role, unless its account has one of that name; role_main_uin_name_key.
insert into role (role_id, main_uin, name, description, trust, session_max_s, created_at)
values (
    $1::bigint, $2::bigint, $3::text, $4::text, $5::jsonb, $6::integer, $7::timestamptz
)
on conflict (main_uin, name) do nothing
returning role_id
