-- Vouchers from which quota is due to come back to these pools by the instant $2, at most $3: ended
-- with value left, or on hold past the deadline. voucher_sweep and hold_sweep.
select v.owner_uin, v.voucher_no
from voucher as v
join terms as t on t.terms_id = v.terms_id
where v.has_available
    and v.end_at <= $2::timestamptz
    and v.funder_uin = any($1::bigint[])
    and t.returns_on_expiry
union
select v.owner_uin, v.voucher_no
from hold as h
join hold_voucher as part on part.owner_uin = h.owner_uin and part.hold_id = h.hold_id
join voucher as v on v.owner_uin = part.owner_uin and v.voucher_no = part.voucher_no
where h.state = 'open'
    and h.expires_at <= $2::timestamptz
    and v.funder_uin = any($1::bigint[])
    and (v.void_kind is not null or v.end_at <= $2::timestamptz)
limit $3::integer
