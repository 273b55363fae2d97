-- What a verification looks at: how many vouchers and usage rows there are; reads all of a range of
-- owners.
select
    (
        select count(*)
        from voucher as v
        where v.owner_uin > $1::bigint and v.owner_uin <= $2::bigint
    ) as vouchers,
    (
        select count(*)
        from usage as u
        where u.owner_uin > $1::bigint and u.owner_uin <= $2::bigint
    ) as usages
