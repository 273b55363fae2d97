-- Reference tables: small, and may be copied to every node.

create table account (
    uin                    bigint primary key check (uin > 0),
    kind                   text not null
        check (kind in ('platform', 'distributor', 'reseller', 'sub_reseller', 'customer')),
    parent_uin             bigint references account,
    name                   text not null,
    is_sample              boolean not null default false,
    returns_on_refund      boolean not null default false,
    returns_on_expiry      boolean not null default true,
    returns_on_withdrawal  boolean not null default true,
    burn_policy            text not null default 'intl' check (burn_policy in ('intl', 'cn')),
    created_at             timestamptz not null,
    bound_at               timestamptz not null,
    check ((kind = 'platform') = (parent_uin is null))
);

create index account_children on account (parent_uin, uin);

create table sub_user (
    uin         bigint primary key check (uin > 0),
    main_uin    bigint not null references account,
    name        text not null,
    created_at  timestamptz not null,
    unique (main_uin, name)
);

create table role (
    role_id        bigint primary key,
    main_uin       bigint not null references account,
    name           text not null,
    description    text not null,
    trust          jsonb not null,
    session_max_s  integer not null,
    created_at     timestamptz not null,
    unique (main_uin, name)
);

create table policy (
    policy_id    bigint primary key,
    main_uin     bigint not null references account,
    name         text not null,
    description  text not null,
    document     jsonb not null,
    created_at   timestamptz not null,
    unique (main_uin, name)
);

create table attachment (
    policy_id       bigint not null references policy,
    principal_kind  text not null check (principal_kind in ('sub_user', 'role')),
    principal_id    bigint not null,
    created_at      timestamptz not null,
    primary key (principal_kind, principal_id, policy_id)
);

create table credential (
    secret_id      text primary key,
    main_uin       bigint not null references account,
    sub_uin        bigint references sub_user,
    sealed_secret  bytea not null,
    key_id         text not null,
    is_sample      boolean not null default false,
    created_at     timestamptz not null,
    disabled_at    timestamptz
);

create index credential_owner on credential (main_uin, created_at);

-- Kept apart so that noting a use never touches the row that signatures are checked against.
create table credential_use (
    secret_id     text primary key references credential,
    last_used_at  timestamptz not null
);

-- A product is the row with an empty sub-product code. Three names: display English, display
-- Chinese, and the wire's "En name", which the documents spell differently from the display one.
create table product (
    product_code      text not null,
    sub_product_code  text not null default '',
    name_en           text not null,
    name_zh           text not null,
    en_name           text not null,
    primary key (product_code, sub_product_code)
);

-- Immutable, shared by every voucher issued on the same terms; empty arrays mean no restriction.
create table terms (
    terms_id                bigint primary key,
    digest                  bytea not null unique,
    pay_mode                text not null check (pay_mode in ('all', 'prepay', 'postpay', 'ripay')),
    pay_scenes              text[] not null,
    product_scope           text not null check (product_scope in ('all', 'allow', 'block')),
    product_codes           text[] not null,
    excluded_product_codes  text[] not null,
    min_spend_micro         bigint not null check (min_spend_micro >= 0),
    returns_on_refund       boolean not null,
    returns_on_expiry       boolean not null,
    returns_on_withdrawal   boolean not null,
    check ((product_scope = 'all') = (cardinality(product_codes) = 0))
);

-- Ids are handed out in blocks: one update takes as many as a batch needs.
create table id_range (
    name     text primary key,
    next_id  bigint not null check (next_id between 1 and 9007199254740991)
);

insert into id_range (name, next_id) values
    ('voucher', 20000000), ('usage', 1), ('movement', 1), ('operation', 1), ('hold', 1),
    ('terms', 1), ('role', 1), ('policy', 1), ('account', 900000000001);

-- A partner's voucher quota. What was given to it stands in exactly one place.
create table pool (
    partner_uin       bigint primary key references account,
    version           bigint not null,
    last_posted_at    timestamptz not null,
    total_micro       bigint not null check (total_micro >= 0),
    available_micro   bigint not null check (available_micro >= 0),
    issued_micro      bigint not null check (issued_micro >= 0),
    returned_micro    bigint not null check (returned_micro >= 0),
    allocated_micro   bigint not null check (allocated_micro >= 0),
    issued_count      bigint not null check (issued_count >= 0),
    movement_count    bigint not null check (movement_count >= 0),
    check (total_micro = available_micro + issued_micro - returned_micro + allocated_micro)
);

create table pool_movement (
    partner_uin        bigint not null,
    ordinal            bigint not null check (ordinal >= 1),
    movement_id        bigint not null,
    operation_id       bigint not null,
    kind               text not null
        check (kind in ('grant', 'reclaim', 'allocate', 'deallocate', 'issue', 'return')),
    from_bucket        text not null
        check (from_bucket in ('quota', 'available', 'returned', 'allocated')),
    to_bucket          text not null
        check (to_bucket in ('quota', 'available', 'issued', 'allocated')),
    amount_micro       bigint not null check (amount_micro > 0),
    counterpart_uin    bigint,
    voucher_owner_uin  bigint,
    voucher_no         bigint,
    cause_movement_id  bigint,
    reason             text not null,
    actor_uin          bigint not null,
    posted_at          timestamptz not null,
    primary key (partner_uin, ordinal),
    check (from_bucket <> to_bucket)
);

-- Owned tables: owner_uin leads every key, and no foreign key joins two of them, so that they can
-- be spread over nodes. What foreign keys would promise, the ledger's verify checks.

create table voucher (
    owner_uin        bigint not null references account,
    voucher_no       bigint not null check (voucher_no between 1 and 9007199254740991),
    code             text not null check (code ~ '^[0-9A-Z]{1,32}$'),
    issuer_uin       bigint not null references account,
    funder_uin       bigint references account,
    terms_id         bigint not null references terms,
    usage_kind       text not null check (usage_kind in ('product_trial', 'customer_offer')),
    priority         integer not null default 0,
    begin_at         timestamptz not null,
    end_at           timestamptz not null,
    issued_at        timestamptz not null,
    name             text not null default '',
    apply_reason     text not null default '',
    activity_id      text not null default '',
    code_id          text not null default '',
    main_type        text not null default 'no_price' check (main_type in ('has_price', 'no_price')),
    sub_type         text not null default 'deduct' check (sub_type in ('discount', 'deduct')),
    policy_remark    text not null default '',
    void_kind        text check (void_kind in ('withdrawn', 'killed')),
    void_reason      text not null default '',
    voided_at        timestamptz,
    version          bigint not null,
    last_posted_at   timestamptz not null,
    face_micro       bigint not null check (face_micro between 1 and 100000000000000),
    available_micro  bigint not null check (available_micro >= 0),
    held_micro       bigint not null check (held_micro >= 0),
    spent_micro      bigint not null check (spent_micro >= 0),
    expired_micro    bigint not null check (expired_micro >= 0),
    voided_micro     bigint not null check (voided_micro >= 0),
    has_available    boolean not null,
    record_count     integer not null check (record_count >= 0),
    posting_count    integer not null check (posting_count >= record_count),
    primary key (owner_uin, voucher_no),
    check (begin_at < end_at),
    check (has_available = (available_micro > 0)),
    check ((void_kind is null) = (voided_at is null)),
    check (face_micro
        = available_micro + held_micro + spent_micro + expired_micro + voided_micro)
) with (fillfactor = 80);

create unique index voucher_code on voucher (owner_uin, code);

-- Candidates of a charge, soonest end first. On a flag rather than on the amount: an indexed
-- amount would change with every charge and cost each of them an index entry.
create index voucher_burn on voucher (owner_uin, priority, end_at, voucher_no)
    where has_available;

-- Vouchers whose end has come with value left: what the sweeper looks for.
create index voucher_sweep on voucher (end_at) where has_available;

create index voucher_issuer on voucher (issuer_uin, voucher_no);

-- One immutable row per movement into or out of `spent`.
create table usage (
    owner_uin           bigint not null,
    voucher_no          bigint not null,
    ordinal             integer not null check (ordinal >= 1),
    month               integer not null check (month between 190001 and 999912),
    month_ordinal       integer not null check (month_ordinal between 1 and ordinal),
    posting_no          integer not null check (posting_no >= ordinal),
    usage_id            bigint not null,
    operation_id        bigint not null,
    kind                text not null
        check (kind in ('redeem', 'capture', 'refund', 'adjustment')),
    from_bucket         text not null
        check (from_bucket in ('available', 'held', 'spent')),
    to_bucket           text not null
        check (to_bucket in ('spent', 'available', 'expired', 'voided')),
    amount_micro        bigint not null check (amount_micro > 0),
    pay_mode            text not null check (pay_mode in ('prepay', 'postpay', 'ripay')),
    pay_scene           text not null,
    deal_name           text not null,
    bill_id             text not null,
    paid_at             timestamptz not null,
    completed_at        timestamptz not null,
    posted_at           timestamptz not null,
    resource_owner_uin  bigint not null,
    product_code        text not null,
    sub_product_code    text not null,
    lines               jsonb not null,
    hold_id             bigint,
    corrects_usage_id   bigint,
    reason              text not null,
    actor_uin           bigint not null,
    primary key (owner_uin, voucher_no, ordinal),
    check ((from_bucket = 'spent') <> (to_bucket = 'spent')),
    check ((kind = 'capture') = (hold_id is not null)),
    check ((kind in ('refund', 'adjustment')) = (corrects_usage_id is not null)),
    check (paid_at <= completed_at)
);

create unique index usage_month_page on usage (owner_uin, voucher_no, month, month_ordinal);

-- Ids rise with time, so this index grows at one edge and stays cheap to write.
create index usage_by_id on usage (usage_id);

-- What has been taken from or added to a usage row since.
create index usage_corrections on usage (corrects_usage_id) where corrects_usage_id is not null;

-- One immutable row per movement that leaves `spent` alone.
create table movement (
    owner_uin     bigint not null,
    voucher_no    bigint not null,
    posting_no    integer not null check (posting_no >= 1),
    movement_id   bigint not null,
    operation_id  bigint not null,
    kind          text not null
        check (kind in ('issue', 'hold', 'release', 'lapse', 'expire', 'void')),
    from_bucket   text not null check (from_bucket in ('mint', 'available', 'held')),
    to_bucket     text not null
        check (to_bucket in ('available', 'held', 'expired', 'voided')),
    amount_micro  bigint not null check (amount_micro > 0),
    hold_id       bigint,
    reason        text not null,
    actor_uin     bigint not null,
    posted_at     timestamptz not null,
    primary key (owner_uin, voucher_no, posting_no),
    check (from_bucket <> to_bucket)
);

create table usage_month (
    owner_uin     bigint not null,
    voucher_no    bigint not null,
    month         integer not null,
    record_count  integer not null check (record_count >= 1),
    amount_micro  bigint not null,
    primary key (owner_uin, voucher_no, month)
) with (fillfactor = 80);

create table hold (
    owner_uin     bigint not null,
    hold_id       bigint not null,
    version       bigint not null,
    state         text not null check (state in ('open', 'captured', 'released', 'lapsed')),
    operation_id  bigint not null,
    pay_mode      text not null check (pay_mode in ('prepay', 'postpay', 'ripay')),
    pay_scene     text not null,
    deal_name     text not null,
    bill_id       text not null,
    paid_at       timestamptz not null,
    lines         jsonb not null,
    amount_micro  bigint not null check (amount_micro >= 0),
    created_at    timestamptz not null,
    expires_at    timestamptz not null,
    closed_at     timestamptz,
    actor_uin     bigint not null,
    primary key (owner_uin, hold_id),
    check ((state = 'open') = (closed_at is null))
);

-- Open holds whose deadline has come: of the owners of a write, and of all for the sweeper.
create index hold_due on hold (owner_uin, expires_at) where state = 'open';

create index hold_sweep on hold (expires_at) where state = 'open';

create table hold_voucher (
    owner_uin     bigint not null,
    hold_id       bigint not null,
    voucher_no    bigint not null,
    burn_order    integer not null check (burn_order >= 1),
    amount_micro  bigint not null check (amount_micro > 0),
    shares        jsonb not null,
    primary key (owner_uin, hold_id, voucher_no)
);

create index hold_of_voucher on hold_voucher (owner_uin, voucher_no);

-- One row per write that took effect, kept for ever. `owner_uin` is the customer or partner that
-- the write is about, `caller_uin` the main account that asked.
create table idempotency (
    owner_uin     bigint not null,
    caller_uin    bigint not null,
    token         text not null check (length(token) between 1 and 64),
    action        text not null,
    digest        bytea not null,
    operation_id  bigint not null,
    answer        jsonb not null,
    created_at    timestamptz not null,
    primary key (owner_uin, caller_uin, token)
);

-- Append-only by grant: even the owning role may not change what was posted. (Checking a foreign
-- key to `terms` takes the right to update it, so that one keeps it.)
revoke update, delete, truncate on usage, movement, pool_movement, idempotency from current_user;

revoke delete, truncate on terms from current_user;
