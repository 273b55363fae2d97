-- Writes vouchers that are still at the version that was read; answers those it wrote.
-- voucher_pkey.
update voucher as v
set
    version = v.version + 1,
    last_posted_at = q.last_posted_at,
    available_micro = q.available_micro,
    held_micro = q.held_micro,
    spent_micro = q.spent_micro,
    expired_micro = q.expired_micro,
    voided_micro = q.voided_micro,
    has_available = q.available_micro > 0,
    record_count = q.record_count,
    posting_count = q.posting_count,
    void_kind = q.void_kind,
    void_reason = q.void_reason,
    voided_at = q.voided_at
from unnest(
    $2::bigint[], $3::bigint[], $4::bigint[], $5::timestamptz[], $6::bigint[], $7::bigint[],
    $8::bigint[], $9::bigint[], $10::bigint[], $11::integer[], $12::integer[], $13::text[],
    $14::text[], $15::timestamptz[]
) as q (
    owner_uin, voucher_no, version, last_posted_at, available_micro, held_micro,
    spent_micro, expired_micro, voided_micro, record_count, posting_count, void_kind,
    void_reason, voided_at
)
where ($1::bigint[] is null or v.owner_uin = any($1::bigint[]))
    and v.owner_uin = q.owner_uin
    and v.voucher_no = q.voucher_no
    and v.version = q.version
returning v.owner_uin, v.voucher_no
