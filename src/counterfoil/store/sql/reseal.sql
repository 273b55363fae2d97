-- Puts secrets that were sealed anew in place of the old; credential_pkey.
update credential as c
set sealed_secret = q.sealed_secret, key_id = $3::text
from unnest($1::text[], $2::bytea[]) as q (secret_id, sealed_secret)
where c.secret_id = q.secret_id
