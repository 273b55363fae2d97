-- For many questions at once: the totals of one of the caller's own vouchers, found by its code or
-- by its number, and one page of its usage, newest posted first, each row rendered as an element
-- of UsageRecords. voucher_code or voucher_pkey finds the voucher; usage_pkey serves the page as a
-- range of ordinals.
select
    q.n,
    v.spent_micro,
    v.record_count,
    convert_to(coalesce((
        select string_agg(
            concat(
                '{"UsedAmount":', case when u.to_bucket = 'spent' then '' else '-' end,
                u.amount_micro,
                ',"UsedTime":"', left((u.paid_at at time zone interval '8 hours')::text, 19),
                '","UsageDetails":[', (
                    select string_agg(
                        concat(
                            '{"ProductName":', to_json(coalesce(
                                case when q.is_chinese then p.name_zh else p.name_en end,
                                line.product_code
                            )),
                            ',"SubProductName":', to_json(coalesce(
                                case when q.is_chinese then s.name_zh else s.name_en end,
                                line.sub_product_code
                            )),
                            ',"ProductCode":', to_json(line.product_code),
                            ',"SubProductCode":', to_json(line.sub_product_code),
                            ',"BillingItemCode":', to_json(line.billing_item_code),
                            ',"SubBillingItemCode":', to_json(line.sub_billing_item_code),
                            ',"ProductEnName":',
                            to_json(coalesce(p.en_name, line.product_code)),
                            ',"SubProductEnName":',
                            to_json(coalesce(s.en_name, line.sub_product_code)),
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
                    left join product as p
                        on p.product_code = line.product_code and p.sub_product_code = ''
                    left join product as s
                        on s.product_code = line.product_code
                        and s.sub_product_code = line.sub_product_code
                ),
                '],"PayMode":"', u.pay_mode,
                '","VoucherId":"', v.code,
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
            where posted.owner_uin = v.owner_uin
                and posted.voucher_no = v.voucher_no
                and posted.ordinal <= v.record_count - q.skip
                and posted.ordinal > v.record_count - q.skip - q.size
        ) as u
    ), ''), 'UTF8') as rows
from unnest(
    $2::integer[], $3::bigint[], $4::text[], $5::bigint[],
    $6::bigint[], $7::integer[], $8::boolean[]
) as q (n, owner_uin, code, voucher_no, skip, size, is_chinese)
join voucher as v
    on v.owner_uin = q.owner_uin and (v.code = q.code or v.voucher_no = q.voucher_no)
where v.owner_uin = any($1::bigint[])
