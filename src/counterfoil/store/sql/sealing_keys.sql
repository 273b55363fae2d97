-- Under which master keys secrets are sealed; reads all credentials, once at start.
select distinct c.key_id
from credential as c
