-- An owner's vouchers by when they were issued, begin and end, with what decides between equals: the
-- orders that lists come in. None of these changes once a voucher is issued, so charges pay nothing
-- for them.
create index voucher_issued on voucher (owner_uin, issued_at, voucher_no);

create index voucher_begin on voucher (owner_uin, begin_at, voucher_no);

create index voucher_end on voucher (owner_uin, end_at, voucher_no);

-- By what most vouchers don't have.
create index voucher_order on voucher (owner_uin, code_id) where code_id <> '';

create index voucher_activity on voucher (owner_uin, activity_id) where activity_id <> '';

create index voucher_name on voucher (owner_uin, name) where name <> '';

-- All that a partner has issued, newest first, without a look at the vouchers.
create index voucher_issuer_list on voucher (issuer_uin, issued_at, voucher_no, owner_uin);

-- The few accounts below a partner that issue vouchers, apart from its many customers.
create index account_sub_resellers on account (parent_uin, uin) where kind = 'sub_reseller';
