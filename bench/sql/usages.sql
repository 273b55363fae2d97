-- The usages of one shelf in the order of their ids: its vouchers take turns. Of 100 histories each
-- voucher has one; they differ in what the usages were for.
insert into usage (
    owner_uin, voucher_no, ordinal, month, month_ordinal, posting_no, usage_id, operation_id, kind,
    from_bucket, to_bucket, amount_micro, pay_mode, pay_scene, deal_name, bill_id, paid_at,
    completed_at, posted_at, resource_owner_uin, product_code, sub_product_code, lines, reason,
    actor_uin
)
select
    {first_uin} + u.n % {customers}, {first_no} + u.n, i.ordinal, i.month, i.month_ordinal,
    i.ordinal + 1, u.usage_id, u.usage_id, 'redeem', 'available', 'spent', l.amount_micro,
    l.pay_mode, '',
    case l.pay_mode when 'prepay' then i.day || (1000000000000000 + u.usage_id) else '' end,
    case l.pay_mode when 'postpay' then
        '10071_' || i.day || (1000000000000000 + u.usage_id) || '_1300223973' else '' end,
    i.paid_at, i.paid_at + interval '5 seconds', i.paid_at + interval '5 seconds',
    {first_uin} + u.n % {customers}, l.product_code, l.sub_product_code, l.lines, '', {reseller}
from instants as i cross join lateral (
    select k as usage_id, (k - {first_usage}) % {vouchers} as n
    from generate_series(
        {first_usage} + (i.ordinal - 1)::bigint * {vouchers},
        {first_usage} - 1 + i.ordinal::bigint * {vouchers}
    ) as k
) as u
join bench_line as l on l.n = (i.ordinal * 37 + u.n % 100 * 41) % 4000
