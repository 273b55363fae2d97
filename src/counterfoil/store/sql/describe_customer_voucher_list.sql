-- Of the vouchers that partners $1 have issued to their customers (of one customer alone where $2 is
-- not null) and that pass every filter given (null: any), how many there are, or, where $11 is set,
-- one page, newest issued first, each rendered as an element of Data; and whether that customer is
-- one of theirs. Where $1 is null, customer $2 asks about its own, whoever issued them.
-- Planned for the filters of each asking, and the half that is not asked for folds away: the count
-- is one plain scan, the page ends where it is full. What one partner has issued stands in
-- voucher_issuer_list in the order of the list, a customer's in voucher_issued; they are enough where
-- no filter asks for more. A voucher is found by its number in voucher_issuer or voucher_pkey; any
-- other filter is one scan of such a range. Holds and ends that are due change neither state nor
-- what is left, so nothing has to be taken as posted.
with kinds as not materialized (
    select t.terms_id
    from terms as t
    where ($7::text[] is null or t.pay_mode = any($7::text[]))
        and ($9::text is null or t.product_scope = $9::text)
),
matching as not materialized (
    select v.owner_uin, v.voucher_no, v.issued_at
    from voucher as v
    -- For a count of many, which joins owners after all cheaper conditions; else the planner drops
    -- it. Of an expression, lest it begins with the accounts and reads voucher by voucher.
    left join account as a on a.uin = v.owner_uin + 0
    where ($2::bigint is null or v.owner_uin = $2::bigint)
        -- Of one alone, the planner knows that its index has the order of the list. Where a customer is
        -- named both are said: with one, all of that index looks cheaper than the customer's range.
        and (
            $1::bigint[] is null
            or ($2::bigint is null and cardinality($1::bigint[]) = 1)
            or v.issuer_uin = any($1::bigint[])
        )
        and (cardinality($1::bigint[]) is distinct from 1 or v.issuer_uin = ($1::bigint[])[1])
        -- Owners of a few are looked up one by one, those of a page in a hash: what comes out of a
        -- hash join has lost its order.
        and case
            when $1::bigint[] is null then true
            when $2::bigint is not null or $10::bigint is not null then exists (
                select from account as o
                where o.uin = coalesce($2::bigint, v.owner_uin)
                    and o.parent_uin = any($1::bigint[])
            )
            when $11::boolean then v.owner_uin in (
                select o.uin
                from account as o
                where o.parent_uin = any($1::bigint[])
            )
            else a.parent_uin = any($1::bigint[])
        end
        and (
            $6::text[] is null
            or ($6::text[] && '{withdrawn,killed}' and v.void_kind = any($6::text[]))
            -- Not as one sum: how often each is 0, the planner knows.
            or ('used' = any($6::text[]) and v.void_kind is null
                and v.available_micro = 0 and v.held_micro = 0 and v.expired_micro = 0)
            or ('expired' = any($6::text[]) and v.void_kind is null
                and v.available_micro + v.held_micro + v.expired_micro > 0
                and v.end_at <= $3::timestamptz)
            or ('issued' = any($6::text[]) and v.void_kind is null
                and v.available_micro + v.held_micro + v.expired_micro > 0
                and v.end_at > $3::timestamptz and v.begin_at > $3::timestamptz)
            or ('usable' = any($6::text[]) and v.void_kind is null
                and v.available_micro + v.held_micro + v.expired_micro > 0
                and v.end_at > $3::timestamptz and v.begin_at <= $3::timestamptz)
        )
        and (($7::text[] is null and $9::text is null)
            or v.terms_id in (select k.terms_id from kinds as k))
        -- Where there are no such terms, nothing is looked at.
        and (($7::text[] is null and $9::text is null) or exists (select from kinds))
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
    $1::bigint[] is null or $2::bigint is null or exists (
        select from account as a
        where a.uin = $2::bigint
            and a.parent_uin = any($1::bigint[])
            and a.kind = 'customer'
    ) as is_seen,
    case when not $11::boolean then (select count(*) from matching) end as voucher_count,
    case when $11::boolean then convert_to((
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
                '"', case when $1::bigint[] is not null then concat(
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
        -- Few of a customer who is named are read in one scan, not found one by one.
        join voucher as v on v.owner_uin = coalesce($2::bigint, page.owner_uin)
            and v.voucher_no = page.voucher_no
        join terms as t on t.terms_id = v.terms_id
    ), 'UTF8') end as rows
