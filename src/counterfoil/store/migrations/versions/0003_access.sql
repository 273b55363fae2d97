-- Roles take their numbers from those of accounts and sub-users: whoever acts has one of its own.
delete from id_range where name = 'role';

create index policy_page on policy (main_uin, policy_id);

create index attachment_policy on attachment (policy_id, principal_id);
