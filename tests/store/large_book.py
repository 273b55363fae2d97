"""A book in which one owner has tens of thousands of everything: waste shows there."""

OWNER, NEIGHBOUR, PARTNER = 800_000_000_001, 800_000_000_002, 200_000_000_001
VOUCHERS, POSTINGS = 40_000, 60_000
LAST_NO = 20_000_000 + VOUCHERS

# Each owner's vouchers, of which every tenth has ended with value left; one with a long journal.
LARGE_BOOK = f"""
insert into account (uin, kind, parent_uin, name, created_at, bound_at) values
    (1, 'platform', null, '', now(), now()), ({PARTNER}, 'reseller', 1, '', now(), now()),
    ({OWNER}, 'customer', {PARTNER}, '', now(), now()),
    ({NEIGHBOUR}, 'customer', {PARTNER}, '', now(), now());
insert into account (uin, kind, parent_uin, name, created_at, bound_at)
select 900000000000 + n, 'customer', {PARTNER}, '', now(), now()
from generate_series(1, {VOUCHERS}) as n;
insert into terms values (1, 'x', 'all', '{{}}', 'all', '{{}}', '{{}}', 0, false, true, true);
insert into voucher (
    owner_uin, voucher_no, code, issuer_uin, terms_id, usage_kind, begin_at, end_at, issued_at,
    version, last_posted_at, face_micro, available_micro, held_micro, spent_micro, expired_micro,
    voided_micro, has_available, record_count, posting_count
)
select
    owner_uin, 20000000 + n, 'CODE' || n, {PARTNER}, 1, 'customer_offer', '2020-01-01',
    case when n % 10 = 0 then '2025-01-01' else '2040-01-01' end::timestamptz, '2020-01-01', 1,
    '2020-01-01', 100, case when n % 3 = 0 then 0 else 100 end, 0,
    case when n % 3 = 0 then 100 else 0 end, 0, 0, n % 3 <> 0, 0, 1
from unnest(array[{OWNER}, {NEIGHBOUR}]) as owner_uin, generate_series(1, {VOUCHERS}) as n;
insert into usage (
    owner_uin, voucher_no, ordinal, month, month_ordinal, posting_no, usage_id, operation_id, kind,
    from_bucket, to_bucket, amount_micro, pay_mode, pay_scene, deal_name, bill_id, paid_at,
    completed_at, posted_at, resource_owner_uin, product_code, sub_product_code, lines, reason,
    actor_uin
)
select
    {OWNER}, {LAST_NO}, n, 202501, n, 2 * n, n, n, 'redeem', 'available', 'spent', 1, 'postpay', '',
    '', '', '2025-01-01', '2025-01-01', '2025-01-01', {OWNER}, '', '', '[]', '', 1
from generate_series(1, {POSTINGS} / 2) as n;
insert into movement (
    owner_uin, voucher_no, posting_no, movement_id, operation_id, kind, from_bucket, to_bucket,
    amount_micro, reason, actor_uin, posted_at
)
select {OWNER}, {LAST_NO}, 2 * n - 1, n, n, 'hold', 'available', 'held', 1, '', 1, '2025-01-01'
from generate_series(1, {POSTINGS} / 2) as n;
insert into pool_movement (
    partner_uin, ordinal, movement_id, operation_id, kind, from_bucket, to_bucket, amount_micro,
    reason, actor_uin, posted_at
)
select {PARTNER}, n, n, n, 'grant', 'quota', 'available', 1, '', 1, '2025-01-01'
from generate_series(1, {POSTINGS}) as n;
insert into hold (
    owner_uin, hold_id, version, state, operation_id, pay_mode, pay_scene, deal_name, bill_id,
    paid_at, lines, amount_micro, created_at, expires_at, closed_at, actor_uin
)
select
    {OWNER}, n, 1, case when n % 100 = 0 then 'open' else 'captured' end, n, 'prepay', '', '', '',
    '2025-01-01', '[]', 1, '2025-01-01',
    case when n % 6000 = 0 then '2025-02-01' else '2040-01-01' end::timestamptz,
    case when n % 100 = 0 then null else '2025-01-01' end::timestamptz, 1
from generate_series(1, {POSTINGS}) as n;
insert into hold_voucher
select {OWNER}, n, 20000000 + n % {VOUCHERS} + 1, 1, 1, '[]'
from generate_series(1, {POSTINGS}) as n;
insert into idempotency (
    owner_uin, caller_uin, token, action, digest, operation_id, answer, created_at
)
select {OWNER}, {PARTNER}, 'token-' || n, 'ChargeVouchers', '', n, '{{}}', '2025-01-01'
from generate_series(1, {POSTINGS}) as n;
insert into usage_month
select {OWNER}, 20000000 + n, month, 1, 1
from generate_series(1, {VOUCHERS}) as n, unnest(array[202501, 202502]) as month
"""  # noqa: S608  # from constants
