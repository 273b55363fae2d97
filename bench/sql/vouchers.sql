-- One shelf of vouchers, all issued when 2020 began, with 1,000 USD left when all its usages are paid.
create temporary table owned as
select
    n, n % 100 as history, {first_uin} + n % {customers} as owner_uin, {first_no} + n as voucher_no
from generate_series(0, {vouchers} - 1) as n;
analyze owned;

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
join voucher as v on v.owner_uin = o.owner_uin and v.voucher_no = o.voucher_no;
drop table owned
