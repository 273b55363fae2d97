-- Roles take their numbers from those of accounts and sub-users: whoever acts has one of its own.
delete from id_range where name = 'role';

create index policy_page on policy (main_uin, policy_id);

create index attachment_policy on attachment (policy_id, principal_id);

-- One row per write, and per refusal of a caller who was known; `code` is empty for a success. Ids
-- rise in the order in which rows were written, a moment after what they tell of.
create table audit (
    audit_id       bigint primary key,
    occurred_at    timestamptz not null,
    request_id     uuid not null,
    main_uin       bigint not null,
    uin            bigint not null,
    session        text not null,
    secret_id      text not null,
    address        text not null,
    service        text not null,
    action         text not null,
    code           text not null,
    refused_count  integer not null
);

create index audit_time on audit (occurred_at, audit_id);

create index audit_caller on audit (uin, occurred_at, audit_id);

create index audit_action on audit (action, occurred_at, audit_id);

insert into id_range (name, next_id) values ('audit', 1);

-- Append-only by grant, like the journal.
revoke update, delete, truncate on audit from current_user;

create index credential_page on credential (main_uin, secret_id);
