-- The vouchers of one owner that may pay a charge, of the first $3 by priority and end the first $4
-- by what is available too; without a lock. voucher_burn, from its start, and no further than the
-- last that is answered and those that end with it.
select
    c.owner_uin, c.voucher_no, c.issuer_uin, c.funder_uin, c.terms_id, c.priority, c.begin_at,
    c.end_at, c.void_kind, c.void_reason, c.voided_at, c.version, c.last_posted_at, c.face_micro,
    c.available_micro, c.held_micro, c.spent_micro, c.expired_micro, c.voided_micro,
    c.record_count, c.posting_count
from (
    select
        v.owner_uin, v.voucher_no, v.issuer_uin, v.funder_uin, v.terms_id, v.priority, v.begin_at,
        v.end_at, v.void_kind, v.void_reason, v.voided_at, v.version, v.last_posted_at,
        v.face_micro, v.available_micro, v.held_micro, v.spent_micro, v.expired_micro,
        v.voided_micro, v.record_count, v.posting_count
    from voucher as v
    where v.owner_uin = $1::bigint
        and v.has_available
        and v.end_at > $2::timestamptz
    order by v.priority, v.end_at, v.voucher_no
    limit $3::integer
) as c
order by c.priority, c.end_at, c.available_micro, c.voucher_no
limit $4::integer
