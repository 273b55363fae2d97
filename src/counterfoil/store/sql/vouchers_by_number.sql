-- These vouchers, without a lock; voucher_pkey.
select
    v.owner_uin, v.voucher_no, v.issuer_uin, v.funder_uin, v.terms_id, v.priority, v.begin_at,
    v.end_at, v.void_kind, v.void_reason, v.voided_at, v.version, v.last_posted_at, v.face_micro,
    v.available_micro, v.held_micro, v.spent_micro, v.expired_micro, v.voided_micro,
    v.record_count, v.posting_count
from unnest($2::bigint[], $3::bigint[]) as q (owner_uin, voucher_no)
join voucher as v on v.owner_uin = q.owner_uin and v.voucher_no = q.voucher_no
where ($1::bigint[] is null or v.owner_uin = any($1::bigint[]))
