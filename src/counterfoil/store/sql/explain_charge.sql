-- The numbers of these owners' vouchers, the highest $2 of each; voucher_pkey.
select n.owner_uin, n.voucher_no
from (
    select
        v.owner_uin, v.voucher_no,
        row_number() over (partition by v.owner_uin order by v.voucher_no desc) as place
    from voucher as v
    where v.owner_uin = any($1::bigint[])
) as n
where n.place <= $2::integer
