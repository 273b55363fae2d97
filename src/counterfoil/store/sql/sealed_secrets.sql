-- Every key as it is sealed; reads all credentials, when the master key is changed.
select c.secret_id, c.sealed_secret
from credential as c
order by c.secret_id
