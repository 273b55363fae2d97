-- The platform's account, the one that stands below no other; account_children.
select a.uin
from account as a
where a.parent_uin is null
order by a.uin
limit 1
