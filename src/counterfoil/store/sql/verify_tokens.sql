-- Remembered writes whose answer is not what their operation has left behind, and tokens of
-- accounts that don't exist; what is right with most is seen at a glance, the rest is looked at in
-- detail. Reads all of a range of owners.
select d.kind, i.owner_uin, null::bigint as voucher_no,
    concat('token ', i.token, ' of ', i.caller_uin) as place, d.expected, d.found
from (
    select
        t.owner_uin, t.caller_uin, t.token, t.operation_id, t.answer,
        coalesce(t.answer ->> 'type', t.answer ->> 0) as type
    from idempotency as t
    where t.owner_uin > $1::bigint and t.owner_uin <= $2::bigint
) as i
-- A key may be made for a sub-user; every other write is about an account.
left join (
    select a.uin
    from account as a
    union all
    select s.uin
    from sub_user as s
) as owner on owner.uin = i.owner_uin
left join account as caller on caller.uin = i.caller_uin
left join (
    select
        r.owner_uin, r.operation_id, sum(r.amount_micro) as amount_micro,
        max(r.usage_id) as usage_id,
        jsonb_agg(jsonb_build_array(r.voucher_no, r.ordinal)) as places
    from usage as r
    where r.owner_uin > $1::bigint and r.owner_uin <= $2::bigint
    group by r.owner_uin, r.operation_id
) as u on u.owner_uin = i.owner_uin and u.operation_id = i.operation_id
left join (
    select
        r.owner_uin, r.operation_id, sum(r.amount_micro) as amount_micro,
        max(r.voucher_no) as voucher_no
    from movement as r
    where r.owner_uin > $1::bigint and r.owner_uin <= $2::bigint
    group by r.owner_uin, r.operation_id
) as m on m.owner_uin = i.owner_uin and m.operation_id = i.operation_id
left join hold as h on h.owner_uin = i.owner_uin and h.operation_id = i.operation_id
left join pool_movement as q
    on q.partner_uin = i.owner_uin and q.operation_id = i.operation_id
    and q.kind in ('grant', 'reclaim')
left join account as made on made.uin = case
    when i.answer ->> 'uin' ~ '^[0-9]{1,18}$' then (i.answer ->> 'uin')::bigint end
left join credential as c on c.secret_id = i.answer ->> 'secret_id'
cross join lateral (
    values
        (i.type, 'idempotency.owner_uin', owner.uin::text, i.owner_uin::text),
        (i.type, 'idempotency.caller_uin', caller.uin::text, i.caller_uin::text),
        ('kept_charge', 'idempotency.paid_micro', coalesce(u.amount_micro, 0)::text,
            i.answer ->> 1),
        ('kept_charge', 'idempotency.usages', coalesce(u.places, '[]')::text, case
            when u.places @> (i.answer -> 3) and (i.answer -> 3) @> u.places
            then u.places::text else i.answer ->> 3 end),
        ('issued', 'idempotency.voucher_no', m.voucher_no::text, i.answer ->> 'voucher_no'),
        ('held', 'idempotency.hold_id', h.hold_id::text, i.answer ->> 'hold_id'),
        ('moved', 'idempotency.moved_micro', coalesce(m.amount_micro, 0)::text,
            i.answer ->> 'amount_micro'),
        ('customer_moved', 'idempotency.moved_micro', coalesce(m.amount_micro, 0)::text,
            i.answer ->> 'voided_micro'),
        ('corrected', 'idempotency.usage_id', u.usage_id::text, i.answer ->> 'usage_id'),
        ('quota', 'idempotency.operation_id', q.operation_id::text, i.operation_id::text),
        ('account', 'idempotency.account_uin', made.uin::text, i.answer ->> 'uin'),
        ('key', 'idempotency.secret_id', c.secret_id, i.answer ->> 'secret_id')
) as d (type, kind, expected, found)
where (
        owner.uin is null
        or caller.uin is null
        or not coalesce(case i.type
            when 'kept_charge' then (i.answer ->> 1) = coalesce(u.amount_micro, 0)::text
                and coalesce(i.answer -> 3 = coalesce(u.places, '[]'), false)
            when 'issued' then (i.answer ->> 'voucher_no') = m.voucher_no::text
            when 'held' then (i.answer ->> 'hold_id') = h.hold_id::text
            when 'quota' then q.operation_id is not null
            else false
        end, false)
    )
    and d.type = i.type
    and d.expected is distinct from d.found
order by i.owner_uin, i.caller_uin, i.token, d.kind
limit $3::integer
