-- Parts of holds that are not what the journal set aside, or whose hold is missing or in another
-- state than the journal says; shares that don't sum to their part. Reads all of a range of owners.
select d.kind, coalesce(j.owner_uin, p.owner_uin), coalesce(j.voucher_no, p.voucher_no),
    concat('hold ', coalesce(j.hold_id, p.hold_id)) as place, d.expected, d.found
from (
    select
        h.owner_uin, h.voucher_no, h.hold_id,
        sum(case h.kind when 'hold' then h.amount_micro else 0 end) as amount_micro,
        sum(case h.kind when 'hold' then h.amount_micro else -h.amount_micro end) as held_micro,
        case
            when bool_or(h.kind = 'capture') then array['captured']
            when bool_or(h.kind = 'lapse') then array['lapsed']
            when bool_or(h.kind = 'release') then array['released', 'captured']
            else array['open']
        end as states
    from (
        select m.owner_uin, m.voucher_no, m.hold_id, m.kind, m.amount_micro
        from movement as m
        where m.owner_uin > $1::bigint and m.owner_uin <= $2::bigint
            and 'held' in (m.from_bucket, m.to_bucket)
        union all
        select u.owner_uin, u.voucher_no, u.hold_id, u.kind, u.amount_micro
        from usage as u
        where u.owner_uin > $1::bigint and u.owner_uin <= $2::bigint
            and u.from_bucket = 'held'
    ) as h
    group by h.owner_uin, h.voucher_no, h.hold_id
) as j
full join (
    select
        v.owner_uin, v.voucher_no, v.hold_id, v.amount_micro, o.state,
        case o.state when 'open' then v.amount_micro else 0 end as held_micro,
        (
            select coalesce(sum(share.amount::numeric), 0)
            from jsonb_path_query(v.shares, '$[*].amount_micro ? (@.type() == "number")')
                as share (amount)
        ) as shares_micro
    from hold_voucher as v
    left join hold as o on o.owner_uin = v.owner_uin and o.hold_id = v.hold_id
    where v.owner_uin > $1::bigint and v.owner_uin <= $2::bigint
) as p on p.owner_uin = j.owner_uin and p.voucher_no = j.voucher_no and p.hold_id = j.hold_id
cross join lateral (
    values
        ('hold_voucher.amount_micro', j.amount_micro::text, p.amount_micro::text),
        ('hold_voucher.held_micro', j.held_micro::text, p.held_micro::text),
        ('hold_voucher.shares_micro', p.amount_micro::text, p.shares_micro::text),
        ('hold.state', case when p.state = any(j.states) then p.state else j.states[1] end,
            p.state)
) as d (kind, expected, found)
where d.expected is distinct from d.found
order by 2, 3, 4, 1
limit $3::integer
