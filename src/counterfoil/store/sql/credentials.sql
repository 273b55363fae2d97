-- The keys with these SecretIds; credential_pkey.
select
    c.secret_id,
    c.main_uin,
    coalesce(c.sub_uin, c.main_uin) as uin,
    a.kind,
    c.sealed_secret,
    c.key_id,
    c.is_sample,
    c.disabled_at is not null as is_disabled
from credential as c
join account as a on a.uin = c.main_uin
where c.secret_id = any($1::text[])
