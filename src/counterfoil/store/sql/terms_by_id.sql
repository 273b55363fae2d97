-- These terms; terms_pkey.
select
    t.terms_id, t.pay_mode, t.pay_scenes, t.product_scope, t.product_codes,
    t.excluded_product_codes, t.min_spend_micro, t.returns_on_refund, t.returns_on_expiry,
    t.returns_on_withdrawal
from terms as t
where t.terms_id = any($1::bigint[])
