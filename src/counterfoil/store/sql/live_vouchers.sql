-- The vouchers of these owners that have not ended and hold value, free or held; without a lock.
-- voucher_pkey.
select
    v.owner_uin, v.voucher_no, v.issuer_uin, v.funder_uin, v.terms_id, v.priority, v.begin_at,
    v.end_at, v.void_kind, v.void_reason, v.voided_at, v.version, v.last_posted_at, v.face_micro,
    v.available_micro, v.held_micro, v.spent_micro, v.expired_micro, v.voided_micro,
    v.record_count, v.posting_count
from voucher as v
where v.owner_uin = any($1::bigint[])
    and v.void_kind is null
    and v.end_at > $2::timestamptz
    and v.available_micro + v.held_micro > 0
