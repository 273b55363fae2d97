-- One shelf of vouchers, all issued when 2020 began. Of 100 histories each voucher has one: its
-- usages come at even intervals through 2021 to 2024 and differ in what they were for; 1,000 USD are left.
create temporary table instants on commit drop as
select
    i.ordinal, i.paid_at, i.month, to_char(i.paid_at, 'YYYYMMDD') as day,
    row_number() over (partition by i.month order by i.ordinal) as month_ordinal
from (
    select
        o as ordinal, p.paid_at,
        to_char(p.paid_at at time zone interval '8 hours', 'YYYYMM')::integer as month
    from generate_series(1, {usages_each}) as o, lateral (
        select timestamptz '2021-01-01' + (o - 1) * (interval '1460 days' / {usages_each}) as paid_at
    ) as p
) as i;
create temporary table owned on commit drop as
select
    n, n % 100 as history, {first_uin} + n % {customers} as owner_uin, {first_no} + n as voucher_no
from generate_series(0, {vouchers} - 1) as n;
analyze instants;
analyze owned;

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
from (
    select
        k % {vouchers} as n, k / {vouchers} + 1 as ordinal, {first_usage} + k as usage_id
    from generate_series(0::bigint, {vouchers}::bigint * {usages_each} - 1) as k
) as u
join instants as i on i.ordinal = u.ordinal
join bench_line as l on l.n = (u.ordinal * 37 + u.n % 100 * 41) % 4000;

insert into usage_month (owner_uin, voucher_no, month, record_count, amount_micro)
select o.owner_uin, o.voucher_no, m.month, m.record_count, m.amount_micro
from owned as o
join (
    select h as history, i.month, count(*) as record_count, sum(l.amount_micro) as amount_micro
    from instants as i
    cross join generate_series(0, least(99, {vouchers} - 1)) as h
    join bench_line as l on l.n = (i.ordinal * 37 + h * 41) % 4000
    group by h, i.month
) as m on m.history = o.history
order by o.owner_uin, o.voucher_no, m.month;

insert into voucher (
    owner_uin, voucher_no, code, issuer_uin, funder_uin, terms_id, usage_kind, begin_at, end_at,
    issued_at, version, last_posted_at, face_micro, available_micro, held_micro, spent_micro,
    expired_micro, voided_micro, has_available, record_count, posting_count
)
select
    o.owner_uin, o.voucher_no, 'BENCHVOUCHER' || {first_voucher} + o.n, {reseller}, {reseller},
    t.terms_id, 'customer_offer', '2020-01-01', '2040-01-01', '2020-01-01', 1,
    (select max(i.paid_at) + interval '5 seconds' from instants as i), s.spent_micro + 100000000000,
    100000000000, 0, s.spent_micro, 0, 0, true, {usages_each}, {usages_each} + 1
from owned as o
join (
    select m.owner_uin, m.voucher_no, sum(m.amount_micro) as spent_micro
    from usage_month as m
    where m.voucher_no between {first_no} and {first_no} + {vouchers} - 1
    group by m.owner_uin, m.voucher_no
) as s on s.owner_uin = o.owner_uin and s.voucher_no = o.voucher_no
cross join terms as t;
insert into movement (
    owner_uin, voucher_no, posting_no, movement_id, operation_id, kind, from_bucket, to_bucket,
    amount_micro, reason, actor_uin, posted_at
)
select
    v.owner_uin, v.voucher_no, 1, v.voucher_no, 1000000000 + v.voucher_no, 'issue', 'mint',
    'available', v.face_micro, '', v.issuer_uin, v.issued_at
from owned as o
join voucher as v on v.owner_uin = o.owner_uin and v.voucher_no = o.voucher_no
