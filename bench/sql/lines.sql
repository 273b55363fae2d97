-- What a usage may have been for: 4,000 bills of one line, each below 1 USD.
create table bench_line as
select
    n, l.amount_micro, l.product_code, l.sub_product_code,
    case when n % 2 = 0 then 'prepay' else 'postpay' end as pay_mode,
    jsonb_build_array(jsonb_build_object(
        'line_no', 1, 'product_code', l.product_code, 'sub_product_code', l.sub_product_code,
        'amount_micro', l.amount_micro, 'billing_item_code', 'v_bandwidth',
        'sub_billing_item_code', 'sv_bandwidth_prepay', 'calc_unit', '1', 'action', 'purchase'
    )) as lines
from generate_series(0, 3999) as n, lateral (
    select
        1 + n * 7919 % 10000 * 9973::bigint as amount_micro,
        'p_' || n % 40 as product_code,
        format('sp_%s_%s', n % 40, n / 40 % 10) as sub_product_code
) as l;
analyze bench_line;
