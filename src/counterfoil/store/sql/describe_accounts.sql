-- The next accounts by uin: of all ($2), or of the tree of one partner, itself included. A partner
-- has at most one generation of partners below it. account_pkey and account_children.
select
    a.uin, a.kind, a.parent_uin, a.name, a.returns_on_refund, a.returns_on_expiry,
    a.returns_on_withdrawal, a.burn_policy, a.created_at, a.bound_at
from (
    (
        select every.uin
        from account as every
        where $2::boolean and every.uin > $3::bigint
        order by every.uin
        limit $4::integer
    )
    union all
    select own.uin
    from account as own
    where not $2::boolean and own.uin = $1::bigint and own.uin > $3::bigint
    union all
    (
        select below.uin
        from account as below
        where not $2::boolean
            and below.uin > $3::bigint
            and below.parent_uin = any(array(
                select $1::bigint
                union all
                select p.uin
                from account as p
                where p.parent_uin = $1::bigint and p.kind = 'sub_reseller'
            ))
        order by below.uin
        limit $4::integer
    )
) as found
join account as a on a.uin = found.uin
order by a.uin
limit $4::integer
