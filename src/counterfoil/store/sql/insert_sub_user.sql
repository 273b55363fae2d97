-- A new sub-user, unless its account has one of that name; sub_user_main_uin_name_key.
insert into sub_user (uin, main_uin, name, created_at)
values ($1::bigint, $2::bigint, $3::text, $4::timestamptz)
on conflict (main_uin, name) do nothing
returning uin
