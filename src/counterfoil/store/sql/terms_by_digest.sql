-- The ids of terms by what they say; terms_digest_key.
select t.digest, t.terms_id
from terms as t
where t.digest = any($1::bytea[])
