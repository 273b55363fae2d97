-- For many questions at once: a voucher's totals and one page of its usage, newest posted first,
-- each row rendered as an element of Data. A row comes back only where the customer is in the
-- caller's tree and the voucher was issued by the caller or by a partner below it; where the caller
-- is null, the customer itself asks, and sees its own.
-- voucher_pkey finds the voucher; usage_pkey (all months) or usage_month_page (one month) serves
-- the page as a range of ordinals, so that its depth costs nothing.
-- Sorting within each branch, asking for names one by one, and a list of owners that might be null:
-- they leave the planner no index but these, whatever it believes of the data.
select
    a.n,
    a.face_micro,
    a.spent_micro,
    a.record_count,
    a.listed_count,
    convert_to(coalesce((
        select string_agg(
            concat(
                '{"Id":', u.usage_id,
                ',"VoucherId":"', a.voucher_no,
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
                ',"ProductCodeName":', to_json(coalesce((
                    select case when a.is_chinese then p.name_zh else p.name_en end
                    from product as p
                    where p.product_code = u.product_code and p.sub_product_code = ''
                ), u.product_code)),
                ',"SubProductCodeName":', to_json(coalesce((
                    select case when a.is_chinese then s.name_zh else s.name_en end
                    from product as s
                    where s.product_code = u.product_code
                        and s.sub_product_code = u.sub_product_code
                ), u.sub_product_code)),
                ',"PayTime":"', date_trunc('second', u.paid_at at time zone interval '8 hours'),
                '","CompletionTime":"',
                date_trunc('second', u.completed_at at time zone interval '8 hours'),
                '","OwnerUin":', u.resource_owner_uin, '}'
            ),
            ',' order by u.ordinal desc
        )
        from (
            (select
                every.ordinal, every.usage_id, every.deal_name, every.bill_id, every.to_bucket,
                every.amount_micro, every.pay_mode, every.pay_scene, every.product_code,
                every.sub_product_code, every.paid_at, every.completed_at,
                every.resource_owner_uin
            from usage as every
            where a.month = 0
                and every.owner_uin = a.owner_uin
                and every.voucher_no = a.voucher_no
                and every.ordinal <= a.listed_count - a.skip
                and every.ordinal > a.listed_count - a.skip - a.size
            order by every.ordinal desc)
            union all
            (select
                one.ordinal, one.usage_id, one.deal_name, one.bill_id, one.to_bucket,
                one.amount_micro, one.pay_mode, one.pay_scene, one.product_code,
                one.sub_product_code, one.paid_at, one.completed_at,
                one.resource_owner_uin
            from usage as one
            where a.month <> 0
                and one.owner_uin = a.owner_uin
                and one.voucher_no = a.voucher_no
                and one.month = a.month
                and one.month_ordinal <= a.listed_count - a.skip
                and one.month_ordinal > a.listed_count - a.skip - a.size
            order by one.month_ordinal desc)
        ) as u
    ), ''), 'UTF8') as rows
from (
    select
        q.n, q.caller_uin, q.month, q.skip, q.size, q.is_chinese, v.owner_uin, v.voucher_no,
        v.issuer_uin, v.face_micro, v.spent_micro, v.record_count,
        case when q.month = 0 then v.record_count else coalesce((
            select m.record_count
            from usage_month as m
            where m.owner_uin = v.owner_uin
                and m.voucher_no = v.voucher_no
                and m.month = q.month
        ), 0) end as listed_count
    from unnest(
        $2::integer[], $3::bigint[], $4::bigint[], $5::bigint[],
        $6::integer[], $7::bigint[], $8::integer[], $9::boolean[]
    ) as q (n, caller_uin, customer_uin, voucher_no, month, skip, size, is_chinese)
    join voucher as v on v.owner_uin = q.customer_uin and v.voucher_no = q.voucher_no
    where ($1::bigint[] is null or v.owner_uin = any($1::bigint[]))
) as a
join account as customer on customer.uin = a.owner_uin
where a.caller_uin is null
    or (
        (customer.parent_uin = a.caller_uin or exists (
            select from account as parent
            where parent.uin = customer.parent_uin and parent.parent_uin = a.caller_uin
        ))
        and (a.issuer_uin = a.caller_uin or exists (
            select from account as issuer
            where issuer.uin = a.issuer_uin and issuer.parent_uin = a.caller_uin
        ))
    )
