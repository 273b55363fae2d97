-- These holds, and every open one of these owners whose deadline has come, each with its parts;
-- hold_pkey, hold_due and hold_voucher_pkey.
select
    h.owner_uin, h.hold_id, h.version, h.state, h.operation_id, h.pay_mode, h.pay_scene,
    h.deal_name, h.bill_id, h.paid_at, h.lines, h.created_at, h.expires_at, h.closed_at,
    h.actor_uin, p.voucher_no, p.burn_order, p.shares
from (
    select n.owner_uin, n.hold_id
    from unnest($2::bigint[], $3::bigint[]) as q (owner_uin, hold_id)
    join hold as n on n.owner_uin = q.owner_uin and n.hold_id = q.hold_id
    where ($1::bigint[] is null or n.owner_uin = any($1::bigint[]))
    union
    select d.owner_uin, d.hold_id
    from hold as d
    where d.owner_uin = any($1::bigint[])
        and d.state = 'open'
        and d.expires_at <= $4::timestamptz
) as found
join hold as h on h.owner_uin = found.owner_uin and h.hold_id = found.hold_id
left join hold_voucher as p on p.owner_uin = h.owner_uin and p.hold_id = h.hold_id
where ($1::bigint[] is null or h.owner_uin = any($1::bigint[]))
order by h.owner_uin, h.hold_id, p.burn_order
