-- A partner's name, kind and quota; to what remains counts what is due to come back by the instant
-- $2: from vouchers that have ended, and from holds on ended ones whose deadline has come. account
-- and pool by their keys; voucher_sweep and hold_sweep find what is due, which is soon posted and
-- thus always little.
select
    a.name,
    a.kind,
    coalesce(p.total_micro, 0) as total_micro,
    (coalesce(p.available_micro, 0) + coalesce((
        select sum(v.available_micro)
        from voucher as v
        join terms as t on t.terms_id = v.terms_id
        where v.has_available
            and v.end_at <= $2::timestamptz
            and v.void_kind is null
            and v.funder_uin = $1::bigint
            and t.returns_on_expiry
    ), 0) + coalesce((
        select sum(part.amount_micro)
        from hold as h
        join hold_voucher as part on part.owner_uin = h.owner_uin and part.hold_id = h.hold_id
        join voucher as v on v.owner_uin = part.owner_uin and v.voucher_no = part.voucher_no
        join terms as t on t.terms_id = v.terms_id
        where h.state = 'open'
            and h.expires_at <= $2::timestamptz
            and v.funder_uin = $1::bigint
            and case
                when v.void_kind is not null then t.returns_on_withdrawal
                else v.end_at <= $2::timestamptz and t.returns_on_expiry
            end
    ), 0))::bigint as remaining_micro,
    coalesce(p.issued_count, 0) as issued_count
from account as a
left join pool as p on p.partner_uin = a.uin
where a.uin = $1::bigint
