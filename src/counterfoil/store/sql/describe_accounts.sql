-- The next accounts by uin: of all ($2), or of the tree of one partner, itself included; a partner
-- that has partners below it ($5) has one generation of them. account_pkey and account_children.
select
    a.uin, a.kind, a.parent_uin, a.name, a.returns_on_refund, a.returns_on_expiry,
    a.returns_on_withdrawal, a.burn_policy, a.created_at, a.bound_at
from account as a
where a.uin = any(array(
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
        where not $2::boolean and below.parent_uin = $1::bigint and below.uin > $3::bigint
        order by below.uin
        limit $4::integer
    )
    union all
    (
        select lower.uin
        from account as lower
        where $5::boolean
            and lower.uin > $3::bigint
            and lower.parent_uin = any(array(
                select p.uin
                from account as p
                where $5::boolean and p.parent_uin = $1::bigint and p.kind = 'sub_reseller'
            ))
        order by lower.uin
        limit $4::integer
    )
))
order by a.uin
limit $4::integer
