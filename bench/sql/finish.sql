-- The quota that all vouchers came from, and ids beyond those given.
insert into pool_movement (
    partner_uin, ordinal, movement_id, operation_id, kind, from_bucket, to_bucket, amount_micro,
    voucher_owner_uin, voucher_no, reason, actor_uin, posted_at
)
select
    v.issuer_uin, 1, 1, 2000000000, 'grant', 'quota', 'available', sum(v.face_micro), null, null,
    '', (select a.uin from account as a where a.kind = 'platform'), '2020-01-01'
from voucher as v
group by v.issuer_uin
union all
select
    v.issuer_uin, 1 + row_number() over (order by v.voucher_no), 1000000000 + v.voucher_no,
    1000000000 + v.voucher_no, 'issue', 'available', 'issued', v.face_micro, v.owner_uin,
    v.voucher_no, '', v.issuer_uin, v.issued_at
from voucher as v;
insert into pool
select
    m.partner_uin, 1, max(m.posted_at), sum(m.amount_micro) filter (where m.kind = 'grant'), 0,
    sum(m.amount_micro) filter (where m.kind = 'issue'), 0, 0,
    count(*) filter (where m.kind = 'issue'), count(*)
from pool_movement as m
group by m.partner_uin;
update id_range
set next_id = 3000000000
where name in ('voucher', 'usage', 'movement', 'operation', 'hold')
