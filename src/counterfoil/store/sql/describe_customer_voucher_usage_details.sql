-- For many questions at once: a voucher's totals and one page of its usage, newest posted first,
-- each row rendered as an element of Data. A row comes back only where the customer is in the
-- caller's tree and the voucher was issued by the caller or by a partner below it.
-- voucher_pkey finds the voucher; usage_pkey (all months) or usage_month_page (one month) serves
-- the page as a range of ordinals, so that its depth costs nothing.
select
    q.n,
    v.face_micro,
    v.spent_micro,
    v.record_count,
    case when q.month = 0 then v.record_count else coalesce(m.record_count, 0) end
        as month_record_count,
    convert_to(coalesce((
        select string_agg(
            concat(
                '{"Id":', u.usage_id,
                ',"VoucherId":"', v.voucher_no,
                '","DealName":', to_json(u.deal_name),
                ',"BillId":', to_json(u.bill_id),
                ',"Amount":', case when u.to_bucket = 'spent' then '' else '-' end,
                trim_scale(u.amount_micro * 0.00000001),
                ',"PayMode":"', case
                    when u.pay_mode = 'postpay' then 'Postpaid'
                    when u.pay_mode = 'ripay' and u.pay_scene = 'hourlyFee' then 'Postpaid'
                    else 'Prepaid'
                end,
                '","ProductCode":', to_json(u.product_code),
                ',"SubProductCode":', to_json(u.sub_product_code),
                ',"ProductCodeName":', to_json(coalesce(
                    case when q.is_chinese then p.name_zh else p.name_en end, u.product_code
                )),
                ',"SubProductCodeName":', to_json(coalesce(
                    case when q.is_chinese then s.name_zh else s.name_en end, u.sub_product_code
                )),
                ',"PayTime":"', left((u.paid_at at time zone interval '8 hours')::text, 19),
                '","CompletionTime":"',
                left((u.completed_at at time zone interval '8 hours')::text, 19),
                '","OwnerUin":', u.resource_owner_uin, '}'
            ),
            ',' order by u.ordinal desc
        )
        from (
            select
                every.ordinal, every.usage_id, every.deal_name, every.bill_id, every.to_bucket,
                every.amount_micro, every.pay_mode, every.pay_scene, every.product_code,
                every.sub_product_code, every.paid_at, every.completed_at,
                every.resource_owner_uin
            from usage as every
            where q.month = 0
                and every.owner_uin = v.owner_uin
                and every.voucher_no = v.voucher_no
                and every.ordinal <= v.record_count - q.skip
                and every.ordinal > v.record_count - q.skip - q.size
            union all
            select
                one.ordinal, one.usage_id, one.deal_name, one.bill_id, one.to_bucket,
                one.amount_micro, one.pay_mode, one.pay_scene, one.product_code,
                one.sub_product_code, one.paid_at, one.completed_at,
                one.resource_owner_uin
            from usage as one
            where q.month <> 0
                and one.owner_uin = v.owner_uin
                and one.voucher_no = v.voucher_no
                and one.month = q.month
                and one.month_ordinal <= m.record_count - q.skip
                and one.month_ordinal > m.record_count - q.skip - q.size
        ) as u
        left join product as p
            on p.product_code = u.product_code and p.sub_product_code = ''
        left join product as s
            on s.product_code = u.product_code and s.sub_product_code = u.sub_product_code
    ), ''), 'UTF8') as rows
from unnest(
    $2::integer[], $3::bigint[], $4::bigint[], $5::bigint[],
    $6::integer[], $7::bigint[], $8::integer[], $9::boolean[]
) as q (n, caller_uin, customer_uin, voucher_no, month, skip, size, is_chinese)
join voucher as v on v.owner_uin = q.customer_uin and v.voucher_no = q.voucher_no
join account as customer on customer.uin = v.owner_uin
left join account as parent on parent.uin = customer.parent_uin
join account as issuer on issuer.uin = v.issuer_uin
left join usage_month as m
    on m.owner_uin = v.owner_uin and m.voucher_no = v.voucher_no and m.month = q.month
where v.owner_uin = any($1::bigint[])
    and (customer.parent_uin = q.caller_uin or parent.parent_uin = q.caller_uin)
    and (issuer.uin = q.caller_uin or issuer.parent_uin = q.caller_uin)
