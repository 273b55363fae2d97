-- The vouchers of these owners that may pay a charge, at most $3 of each owner, those that burn
-- first by priority and end; without a lock. voucher_burn, all of each owner's range.
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
        v.voided_micro, v.record_count, v.posting_count,
        row_number() over (
            partition by v.owner_uin order by v.priority, v.end_at, v.voucher_no
        ) as place
    from voucher as v
    where v.owner_uin = any($1::bigint[])
        and v.has_available
        and v.end_at > $2::timestamptz
) as c
where c.place <= $3::integer
order by c.owner_uin, c.priority, c.end_at, c.voucher_no
