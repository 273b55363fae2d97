-- Sets those policies of an account that are not null, and answers all of them; account_pkey.
update account as a
set
    returns_on_refund = coalesce($2::boolean, a.returns_on_refund),
    returns_on_expiry = coalesce($3::boolean, a.returns_on_expiry),
    returns_on_withdrawal = coalesce($4::boolean, a.returns_on_withdrawal),
    burn_policy = coalesce($5::text, a.burn_policy)
where a.uin = $1::bigint
returning
    a.returns_on_refund, a.returns_on_expiry, a.returns_on_withdrawal, a.burn_policy
