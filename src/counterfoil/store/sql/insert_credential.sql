-- A new key of an account, or of a sub-user of it, marked as a sample's when the account is; none
-- where keys are sealed under another master key: all are always under one. account_pkey.
insert into credential (
    secret_id, main_uin, sub_uin, sealed_secret, key_id, is_sample, created_at
)
select $1::text, a.uin, $6::bigint, $3::bytea, $4::text, a.is_sample, $5::timestamptz
from account as a
where a.uin = $2::bigint
    and $4::text = coalesce((select c.key_id from credential as c limit 1), $4::text)
returning secret_id
