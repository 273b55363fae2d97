-- These accounts and all accounts above them, of which there are at most three; account_pkey.
-- Level by level: how far a recursion goes is a guess, and by that guess every account is read.
with parent (uin) as materialized (
    select a.parent_uin
    from account as a
    where a.uin = any($1::bigint[])
),
grandparent (uin) as materialized (
    select a.parent_uin
    from account as a
    where a.uin in (select p.uin from parent as p)
),
root (uin) as materialized (
    select a.parent_uin
    from account as a
    where a.uin in (select g.uin from grandparent as g)
)
select
    a.uin, a.kind, a.parent_uin, a.burn_policy, a.returns_on_refund, a.returns_on_expiry,
    a.returns_on_withdrawal
from account as a
where a.uin in (
    select unnest($1::bigint[])
    union all
    select p.uin from parent as p
    union all
    select g.uin from grandparent as g
    union all
    select r.uin from root as r
)
