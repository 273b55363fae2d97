-- For many questions at once: the totals of one of the caller's own vouchers, found by its code or
-- by its number, and one page of its usage, newest posted first, each row rendered as an element
-- of UsageRecords. voucher_code or voucher_pkey finds the voucher; usage_pkey serves the page as a
-- range of ordinals. The page is sorted before it is rendered, names are asked for one by one, and
-- the list of owners might be null: so the planner is left no other index, whatever it believes.
select
    a.n,
    a.spent_micro,
    a.record_count,
    convert_to(coalesce((
        select string_agg(
            concat(
                '{"UsedAmount":', case when u.to_bucket = 'spent' then '' else '-' end,
                u.amount_micro,
                ',"UsedTime":"', date_trunc('second', u.paid_at at time zone interval '8 hours'),
                '","UsageDetails":[', (
                    select string_agg(
                        concat(
                            '{"ProductName":', to_json(coalesce((
                                select case when a.is_chinese then p.name_zh else p.name_en end
                                from product as p
                                where p.product_code = line.product_code
                                    and p.sub_product_code = ''
                            ), line.product_code)),
                            ',"SubProductName":', to_json(coalesce((
                                select case when a.is_chinese then s.name_zh else s.name_en end
                                from product as s
                                where s.product_code = line.product_code
                                    and s.sub_product_code = line.sub_product_code
                            ), line.sub_product_code)),
                            ',"ProductCode":', to_json(line.product_code),
                            ',"SubProductCode":', to_json(line.sub_product_code),
                            ',"BillingItemCode":', to_json(line.billing_item_code),
                            ',"SubBillingItemCode":', to_json(line.sub_billing_item_code),
                            ',"ProductEnName":', to_json(coalesce((
                                select p.en_name
                                from product as p
                                where p.product_code = line.product_code
                                    and p.sub_product_code = ''
                            ), line.product_code)),
                            ',"SubProductEnName":', to_json(coalesce((
                                select s.en_name
                                from product as s
                                where s.product_code = line.product_code
                                    and s.sub_product_code = line.sub_product_code
                            ), line.sub_product_code)),
                            ',"CalcUnit":', to_json(line.calc_unit),
                            ',"Action":', to_json(line.action), '}'
                        ),
                        ',' order by line.line_no
                    )
                    from jsonb_to_recordset(u.lines) as line (
                        line_no integer, product_code text, sub_product_code text,
                        billing_item_code text, sub_billing_item_code text,
                        calc_unit text, action text
                    )
                ),
                '],"PayMode":"', u.pay_mode,
                '","VoucherId":"', a.code,
                '","PayScene":"', u.scene_shown,
                '","SeqId":', to_json(case
                    when u.pay_mode = 'prepay' and u.scene_shown = 'common' then u.deal_name
                    else u.bill_id
                end), '}'
            ),
            ',' order by u.ordinal desc
        )
        from (
            select
                posted.ordinal, posted.to_bucket, posted.amount_micro, posted.paid_at,
                posted.lines, posted.pay_mode, posted.deal_name, posted.bill_id,
                case when posted.kind in ('refund', 'adjustment') then 'adjust' else 'common' end
                    as scene_shown
            from usage as posted
            where posted.owner_uin = a.owner_uin
                and posted.voucher_no = a.voucher_no
                and posted.ordinal <= a.record_count - a.skip
                and posted.ordinal > a.record_count - a.skip - a.size
            order by posted.ordinal desc
        ) as u
    ), ''), 'UTF8') as rows
from (
    select
        q.n, q.skip, q.size, q.is_chinese,
        v.owner_uin, v.voucher_no, v.code, v.spent_micro, v.record_count
    from unnest(
        $2::integer[], $3::bigint[], $4::text[], $6::bigint[], $7::integer[], $8::boolean[]
    ) as q (n, owner_uin, code, skip, size, is_chinese)
    join voucher as v on v.owner_uin = q.owner_uin and v.code = q.code
    where ($1::bigint[] is null or v.owner_uin = any($1::bigint[]))
    union all
    select
        q.n, q.skip, q.size, q.is_chinese,
        v.owner_uin, v.voucher_no, v.code, v.spent_micro, v.record_count
    from unnest(
        $2::integer[], $3::bigint[], $5::bigint[], $6::bigint[], $7::integer[], $8::boolean[]
    ) as q (n, owner_uin, voucher_no, skip, size, is_chinese)
    join voucher as v on v.owner_uin = q.owner_uin and v.voucher_no = q.voucher_no
    where ($1::bigint[] is null or v.owner_uin = any($1::bigint[]))
) as a
