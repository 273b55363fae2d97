-- One page of a customer's vouchers, the highest number first: all of them, or those with the
-- numbers in $4, and of these all, or those in the state $5 at the instant $6. With each, what of
-- it is held by open holds whose deadline has come by then. voucher_pkey; hold_due.
select
    v.voucher_no, v.code, v.usage_kind, v.issued_at, v.name, v.apply_reason, v.activity_id,
    v.code_id, v.main_type, v.sub_type, v.policy_remark,
    coalesce(late.amount_micro, 0)::bigint as lapsing_micro
from (
    (
        select p.voucher_no
        from voucher as p
        where $4::bigint[] is null
            and p.owner_uin = $1::bigint
            and p.voucher_no < $2::bigint
            and ($5::text is null or $5::text = case
                when p.void_kind is not null then p.void_kind
                when p.available_micro + p.held_micro + p.expired_micro = 0 then 'used'
                when p.end_at <= $6::timestamptz then 'expired'
                when p.begin_at > $6::timestamptz then 'issued'
                else 'usable'
            end)
        order by p.voucher_no desc
        limit $3::integer
    )
    union all
    (
        select p.voucher_no
        from voucher as p
        where p.voucher_no = any($4::bigint[])
            and p.owner_uin = $1::bigint
            and p.voucher_no < $2::bigint
            and ($5::text is null or $5::text = case
                when p.void_kind is not null then p.void_kind
                when p.available_micro + p.held_micro + p.expired_micro = 0 then 'used'
                when p.end_at <= $6::timestamptz then 'expired'
                when p.begin_at > $6::timestamptz then 'issued'
                else 'usable'
            end)
        order by p.voucher_no desc
        limit $3::integer
    )
) as page
join voucher as v on v.owner_uin = $1::bigint and v.voucher_no = page.voucher_no
left join (
    select part.voucher_no, sum(part.amount_micro) as amount_micro
    from hold as h
    join hold_voucher as part on part.owner_uin = h.owner_uin and part.hold_id = h.hold_id
    where h.owner_uin = $1::bigint and h.state = 'open' and h.expires_at <= $6::timestamptz
    group by part.voucher_no
) as late on late.voucher_no = v.voucher_no
order by v.voucher_no desc
