-- Of each of these customers that is in the tree of partner $1: how many of its vouchers the partner,
-- or a partner below it, has issued, and all of them, newest issued first, each rendered as an
-- element of the inner Data; of all states or (not null) of those in $4. voucher_pkey, each
-- customer's range. What is due changes neither state nor what is left.
select
    customer.uin,
    coalesce(listed.voucher_count, 0)::bigint as voucher_count,
    convert_to(coalesce(listed.rows, ''), 'UTF8') as rows
from account as customer
left join (
    select
        v.owner_uin,
        count(*) as voucher_count,
        string_agg(
            concat(
                '{"VoucherId":"', v.code,
                '","VoucherStatus":"', v.status,
                '","TotalAmount":', trim_scale(v.face_micro * 0.00000001),
                ',"RemainAmount":', trim_scale((v.face_micro - v.spent_micro) * 0.00000001),
                '}'
            ),
            ',' order by v.issued_at desc, v.voucher_no desc
        ) as rows
    from (
        select
            o.owner_uin, o.voucher_no, o.code, o.issued_at, o.face_micro, o.spent_micro,
            case
                when o.void_kind is not null then 'Expired'
                when o.available_micro + o.held_micro + o.expired_micro = 0 then 'Used'
                when o.end_at <= $3::timestamptz then 'Expired'
                else 'Unused'
            end as status
        from voucher as o
        where o.owner_uin = any($2::bigint[])
            and o.issuer_uin = any(array(
                select $1::bigint
                union all
                select i.uin
                from account as i
                where i.parent_uin = $1::bigint and i.kind = 'sub_reseller'
            ))
    ) as v
    where $4::text is null or v.status = $4::text
    group by v.owner_uin
) as listed on listed.owner_uin = customer.uin
where customer.uin = any($2::bigint[])
    and customer.kind = 'customer'
    and (customer.parent_uin = $1::bigint or exists (
        select from account as parent
        where parent.uin = customer.parent_uin and parent.parent_uin = $1::bigint
    ))
