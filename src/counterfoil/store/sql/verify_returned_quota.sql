-- Value that ended unspent whose quota did not come back although the voucher's terms say so, and
-- quota that came back without such value; reads all postings and all quota returned for a range
-- of owners.
select 'pool_movement.returned_micro' as kind, coalesce(j.owner_uin, m.owner_uin),
    coalesce(j.voucher_no, m.voucher_no),
    concat('posting ', coalesce(j.cause_id, m.cause_id), ' in pool ',
        coalesce(j.partner_uin, m.partner_uin)) as place,
    j.amount_micro::text as expected, m.amount_micro::text as found
from (
    select
        v.funder_uin as partner_uin, e.owner_uin, e.voucher_no, e.cause_id,
        sum(e.amount_micro) as amount_micro
    from (
        select
            r.owner_uin, r.voucher_no, r.movement_id as cause_id, r.to_bucket, r.amount_micro
        from movement as r
        where r.owner_uin > $1::bigint and r.owner_uin <= $2::bigint
            and r.to_bucket in ('expired', 'voided')
        union all
        select u.owner_uin, u.voucher_no, u.usage_id, u.to_bucket, u.amount_micro
        from usage as u
        where u.owner_uin > $1::bigint and u.owner_uin <= $2::bigint
            and u.to_bucket in ('expired', 'voided')
    ) as e
    join voucher as v on v.owner_uin = e.owner_uin and v.voucher_no = e.voucher_no
    join terms as t on t.terms_id = v.terms_id
    where v.funder_uin is not null
        and case e.to_bucket when 'expired' then t.returns_on_expiry
            else t.returns_on_withdrawal end
    group by v.funder_uin, e.owner_uin, e.voucher_no, e.cause_id
) as j
full join (
    select
        q.partner_uin, q.voucher_owner_uin as owner_uin, q.voucher_no,
        q.cause_movement_id as cause_id, sum(q.amount_micro) as amount_micro
    from pool_movement as q
    where q.kind = 'return'
        and q.voucher_owner_uin > $1::bigint and q.voucher_owner_uin <= $2::bigint
    group by q.partner_uin, q.voucher_owner_uin, q.voucher_no, q.cause_movement_id
) as m
    on m.partner_uin = j.partner_uin
    and m.owner_uin = j.owner_uin
    and m.voucher_no = j.voucher_no
    and m.cause_id = j.cause_id
where j.amount_micro is distinct from m.amount_micro
order by 2, 3, 4
limit $3::integer
