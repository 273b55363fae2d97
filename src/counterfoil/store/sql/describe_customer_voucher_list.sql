-- How many vouchers partner $1 sees (those of customers in its tree that $11 have issued: itself and
-- the partners below it; of one customer alone where $2 is not null) and that pass every filter given
-- (null: any), whether that customer is in its tree, and one page, newest issued first, each rendered
-- as an element of Data. Where $1 and $11 are null, customer $2 asks about its own, whoever issued
-- them.
-- Planned for the filters of each asking: everything a partner has issued is read from
-- voucher_issuer_list alone, a voucher is found by its number in voucher_issuer or voucher_pkey, a
-- customer's in its range of voucher_pkey; any other filter is one scan of such a range. Holds and
-- ends that are due change neither state nor what is left, so nothing has to be taken as posted.
with tree as not materialized (
    select $2::bigint as uin
    where $1::bigint is null
    union all
    select c.uin
    from account as c
    where c.parent_uin = $1::bigint
    union all
    select c.uin
    from account as p
    join account as c on c.parent_uin = p.uin
    where p.parent_uin = $1::bigint and p.kind = 'sub_reseller'
),
matching as materialized (
    select v.owner_uin, v.voucher_no, v.issued_at
    from voucher as v
    join tree on tree.uin = v.owner_uin
    where ($2::bigint is null or v.owner_uin = $2::bigint)
        and ($2::bigint is null or exists (select from tree as own where own.uin = $2::bigint))
        and ($11::bigint[] is null or v.issuer_uin = any($11::bigint[]))
        and ($6::text[] is null or case
            when v.void_kind is not null then v.void_kind
            when v.available_micro + v.held_micro + v.expired_micro = 0 then 'used'
            when v.end_at <= $3::timestamptz then 'expired'
            when v.begin_at > $3::timestamptz then 'issued'
            else 'usable'
        end = any($6::text[]))
        and (($7::text[] is null and $9::text is null) or v.terms_id in (
            select t.terms_id
            from terms as t
            where ($7::text[] is null or t.pay_mode = any($7::text[]))
                and ($9::text is null or t.product_scope = $9::text)
        ))
        and ($8::text is null or v.usage_kind = $8::text)
        and ($10::bigint is null or v.voucher_no = $10::bigint)
),
page as (
    select m.owner_uin, m.voucher_no
    from matching as m
    order by m.issued_at desc, m.voucher_no desc, m.owner_uin
    limit $5::integer
    offset $4::bigint
)
select
    $2::bigint is null or exists (
        select from tree
        join account as a on a.uin = tree.uin
        where tree.uin = $2::bigint and a.kind = 'customer'
    ) as is_seen,
    (select count(*) from matching) as voucher_count,
    convert_to(coalesce((
        select string_agg(
            concat(
                '{"VoucherId":', v.voucher_no,
                ',"CustomerUin":', v.owner_uin,
                ',"VoucherStatus":"', case
                    when v.void_kind = 'withdrawn' then 'Canceled'
                    when v.void_kind = 'killed' then 'Invalidated'
                    when v.available_micro + v.held_micro + v.expired_micro = 0 then 'Used'
                    when v.end_at <= $3::timestamptz then 'Expired'
                    else 'Issued'
                end,
                '","RemainingAmount":', trim_scale((v.face_micro - v.spent_micro) * 0.00000001),
                ',"TotalAmount":', trim_scale(v.face_micro * 0.00000001),
                ',"PaymentMode":"', case t.pay_mode
                    when 'all' then 'AllPayment'
                    when 'postpay' then 'Postpaid'
                    else 'Prepaid'
                end,
                '","ProductScope":"', case t.product_scope
                    when 'all' then 'AllProducts'
                    when 'allow' then 'SpecifyProducts'
                    else 'SpecifyProductsBlacklist'
                end,
                '","EffectiveTime":"',
                date_trunc('second', v.begin_at at time zone interval '8 hours'),
                '","ExpireTime":"', date_trunc(
                    'second', v.end_at at time zone interval '8 hours' - interval '1 second'
                ),
                '"', case when $1::bigint is not null then concat(
                    ',"Usage":"', case v.usage_kind
                        when 'product_trial' then 'ProductTrial'
                        else 'CustomerOffer'
                    end,
                    '","ApplyReason":', to_json(v.apply_reason)
                ) end,
                '}'
            ),
            ',' order by v.issued_at desc, v.voucher_no desc, v.owner_uin
        )
        from page
        join voucher as v on v.owner_uin = page.owner_uin and v.voucher_no = page.voucher_no
        join terms as t on t.terms_id = v.terms_id
    ), ''), 'UTF8') as rows
