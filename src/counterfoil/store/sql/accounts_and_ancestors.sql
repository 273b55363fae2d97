-- These accounts and all accounts above them; account_pkey, at most four levels.
with recursive above (uin, parent_uin) as (
    select a.uin, a.parent_uin
    from account as a
    where a.uin = any($1::bigint[])
    union
    select p.uin, p.parent_uin
    from above as b
    join account as p on p.uin = b.parent_uin
)
select
    a.uin, a.kind, a.parent_uin, a.burn_policy, a.returns_on_refund, a.returns_on_expiry,
    a.returns_on_withdrawal
from above as b
join account as a on a.uin = b.uin
