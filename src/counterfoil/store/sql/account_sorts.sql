-- Whether the database holds sample accounts and whether it holds others; reads all accounts, once
-- at start.
select
    coalesce(bool_or(a.is_sample), false) as has_sample,
    coalesce(bool_or(not a.is_sample), false) as has_other
from account as a
