-- How many of an owner's vouchers pass every filter given (null: any) and what is left of them in
-- all, or, where $25 is set, one page of them, each rendered as an element of VoucherInfos. Planned
-- for the filters of each asking, and the half that is not asked for folds away: the totals are one
-- plain scan; the page reads voucher_issued, voucher_begin or voucher_end, each in the order of a
-- sort, until it is full. A number, a code, an order, activity or name, or one range of instants is
-- found by its index (voucher_pkey, voucher_code, voucher_order, voucher_activity, voucher_name and
-- those three); all else is one scan of the owner's range. Holds and ends that are due change
-- neither state nor what is left, so nothing has to be taken as posted.
with matching as not materialized (
    select
        v.voucher_no,
        v.face_micro - v.spent_micro as left_micro,
        case $6::text
            when 'begin' then v.begin_at
            when 'end' then v.end_at
            else v.issued_at
        end as sorted_at
    from voucher as v
    where v.owner_uin = $1::bigint
        and (
            $8::text[] is null
            or ($8::text[] && '{withdrawn,killed}' and v.void_kind = any($8::text[]))
            -- Not as one sum: how often each is 0, the planner knows.
            or ('used' = any($8::text[]) and v.void_kind is null
                and v.available_micro = 0 and v.held_micro = 0 and v.expired_micro = 0)
            or ('expired' = any($8::text[]) and v.void_kind is null
                and v.available_micro + v.held_micro + v.expired_micro > 0
                and v.end_at <= $2::timestamptz)
            or ('issued' = any($8::text[]) and v.void_kind is null
                and v.available_micro + v.held_micro + v.expired_micro > 0
                and v.end_at > $2::timestamptz and v.begin_at > $2::timestamptz)
            or ('usable' = any($8::text[]) and v.void_kind is null
                and v.available_micro + v.held_micro + v.expired_micro > 0
                and v.end_at > $2::timestamptz and v.begin_at <= $2::timestamptz)
        )
        and (($9::text is null and $10::bigint is null)
            or v.code = $9::text or v.voucher_no = $10::bigint)
        and ($11::text is null or v.code_id = $11::text)
        and ($12::text is null or v.activity_id = $12::text)
        and ($13::text is null or v.name = $13::text)
        and (
            ($14::text is null and $15::text is null and $16::text is null)
            or v.terms_id in (
                select t.terms_id
                from terms as t
                where ($14::text is null or ($14::text <> all(t.excluded_product_codes) and (
                    t.product_scope = 'all'
                    or ($14::text = any(t.product_codes)) = (t.product_scope = 'allow')
                )))
                and ($15::text is null or t.pay_mode in ('all', $15::text))
                and (
                    $16::text is null
                    or cardinality(t.pay_scenes) = 0
                    or $16::text = any(t.pay_scenes)
                )
            )
        )
        and ($17::text is null or v.main_type = $17::text)
        and ($18::text is null or v.sub_type = $18::text)
        and ($19::timestamptz is null or v.issued_at >= $19::timestamptz)
        and ($20::timestamptz is null or v.issued_at < $20::timestamptz)
        and ($21::timestamptz is null or v.begin_at >= $21::timestamptz)
        and ($22::timestamptz is null or v.begin_at < $22::timestamptz)
        and ($23::timestamptz is null or v.end_at >= $23::timestamptz)
        and ($24::timestamptz is null or v.end_at < $24::timestamptz)
),
page as (
    select m.voucher_no, m.sorted_at
    from matching as m
    order by
        case when $7::boolean then m.sorted_at end,
        case when $7::boolean then m.voucher_no end,
        case when not $7::boolean then m.sorted_at end desc,
        case when not $7::boolean then m.voucher_no end desc
    limit $5::integer
    offset $4::bigint
)
select
    totals.voucher_count,
    totals.left_micro,
    case when $25::boolean then convert_to((
        select string_agg(
            concat(
                '{"OwnerUin":"', v.owner_uin,
                '","Status":"', case
                    when v.void_kind is not null then 'cancel'
                    when v.available_micro + v.held_micro + v.expired_micro = 0 then 'used'
                    when v.end_at <= $2::timestamptz then 'overdue'
                    when v.begin_at > $2::timestamptz then 'delivered'
                    else 'unUsed'
                end,
                '","NominalValue":', v.face_micro,
                ',"Balance":', v.face_micro - v.spent_micro,
                ',"VoucherId":"', v.code,
                '","PayMode":"', t.mode_shown,
                '","PayScene":"', coalesce(nullif(array_to_string(t.pay_scenes, ','), ''), '*'),
                '","BeginTime":"', date_trunc('second', v.begin_at at time zone interval '8 hours'),
                '","EndTime":"', date_trunc(
                    'second', v.end_at at time zone interval '8 hours' - interval '1 second'
                ),
                '","ApplicableProducts":{"GoodsName":', to_json(case
                    when t.product_scope = 'allow' then (
                        select string_agg(
                            coalesce((
                                select case when $3::boolean then p.name_zh else p.name_en end
                                from product as p
                                where p.product_code = t.product_codes[n]
                                    and p.sub_product_code = ''
                            ), t.product_codes[n]),
                            ',' order by n
                        )
                        from generate_subscripts(t.product_codes, 1) as n
                    )
                    when $3::boolean then '全产品通用'
                    else 'all products'
                end),
                ',"PayMode":"', t.mode_shown,
                '"},"ExcludedProducts":[', (
                    select string_agg(
                        concat('{"GoodsName":', to_json(coalesce((
                            select case when $3::boolean then p.name_zh else p.name_en end
                            from product as p
                            where p.product_code = t.blocked_codes[n] and p.sub_product_code = ''
                        ), t.blocked_codes[n])), ',"PayMode":"*"}'),
                        ',' order by n
                    )
                    from generate_subscripts(t.blocked_codes, 1) as n
                ),
                '],"PolicyRemark":', to_json(v.policy_remark),
                ',"CreateTime":"', date_trunc('second', v.issued_at at time zone interval '8 hours'),
                '"}'
            ),
            ',' order by
                case when $7::boolean then page.sorted_at end,
                case when $7::boolean then v.voucher_no end,
                case when not $7::boolean then page.sorted_at end desc,
                case when not $7::boolean then v.voucher_no end desc
        )
        from page
        join voucher as v on v.owner_uin = $1::bigint and v.voucher_no = page.voucher_no
        join (
            select
                k.terms_id, k.pay_scenes, k.product_scope, k.product_codes,
                case k.pay_mode
                    when 'prepay' then 'prePay'
                    when 'postpay' then 'postPay'
                    when 'ripay' then 'riPay'
                    else '*'
                end as mode_shown,
                case
                    when k.product_scope = 'block'
                        then k.product_codes || k.excluded_product_codes
                    else k.excluded_product_codes
                end as blocked_codes
            from terms as k
        ) as t on t.terms_id = v.terms_id
    ), 'UTF8') end as rows
from (
    select
        count(*) as voucher_count,
        least(coalesce(sum(m.left_micro), 0), 9223372036854775807)::bigint as left_micro
    from matching as m
    where not $25::boolean
) as totals
