-- A new account, marked as a sample's when the one above it is; account_pkey.
insert into account (uin, kind, parent_uin, name, is_sample, created_at, bound_at)
values (
    $1::bigint, $2::text, $3::bigint, $4::text,
    coalesce((select p.is_sample from account as p where p.uin = $3::bigint), false),
    $5::timestamptz, $5::timestamptz
)
