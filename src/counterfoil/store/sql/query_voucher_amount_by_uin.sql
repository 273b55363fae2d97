-- Of each of these customers that is in the tree of partner $1: the face of those of its vouchers
-- that the partner, or a partner below it, has issued and nobody has ended early, and what of them
-- can be spent at the instant $3, holds whose deadline has come taken as lapsed. voucher_pkey, each
-- customer's range; hold_due.
select
    customer.uin,
    coalesce(amounts.face_micro, 0)::bigint as face_micro,
    coalesce(amounts.spendable_micro, 0)::bigint as spendable_micro
from account as customer
left join (
    select
        v.owner_uin,
        least(sum(v.face_micro), 9223372036854775807) as face_micro,
        least(sum(
            case
                when v.begin_at <= $3::timestamptz and v.end_at > $3::timestamptz
                    then v.available_micro + coalesce(late.amount_micro, 0)
                else 0
            end
        ), 9223372036854775807) as spendable_micro
    from voucher as v
    left join (
        select part.owner_uin, part.voucher_no, sum(part.amount_micro) as amount_micro
        from hold as h
        join hold_voucher as part on part.owner_uin = h.owner_uin and part.hold_id = h.hold_id
        where h.owner_uin = any($2::bigint[])
            and h.state = 'open'
            and h.expires_at <= $3::timestamptz
        group by part.owner_uin, part.voucher_no
    ) as late on late.owner_uin = v.owner_uin and late.voucher_no = v.voucher_no
    where v.owner_uin = any($2::bigint[])
        and v.void_kind is null
        and v.issuer_uin = any(array(
            select $1::bigint
            union all
            select i.uin
            from account as i
            where i.parent_uin = $1::bigint and i.kind = 'sub_reseller'
        ))
    group by v.owner_uin
) as amounts on amounts.owner_uin = customer.uin
where customer.uin = any($2::bigint[])
    and customer.kind = 'customer'
    and (customer.parent_uin = $1::bigint or exists (
        select from account as parent
        where parent.uin = customer.parent_uin and parent.parent_uin = $1::bigint
    ))
