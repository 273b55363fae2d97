-- Stores terms unless somebody else just did; terms_digest_key.
insert into terms (
    terms_id, digest, pay_mode, pay_scenes, product_scope, product_codes, excluded_product_codes,
    min_spend_micro, returns_on_refund, returns_on_expiry, returns_on_withdrawal
)
values ($1, $2, $3, $4::text[], $5, $6::text[], $7::text[], $8, $9, $10, $11)
on conflict (digest) do nothing
