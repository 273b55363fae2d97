-- Owners of open holds whose deadline has come, one for each of at most $2 holds. hold_sweep.
select h.owner_uin
from hold as h
where h.state = 'open' and h.expires_at <= $1::timestamptz
order by h.expires_at
limit $2::integer
