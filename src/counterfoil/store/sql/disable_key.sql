-- Makes a key unusable; credential_pkey.
update credential as c
set disabled_at = $2::timestamptz
where c.secret_id = $1::text and c.disabled_at is null
