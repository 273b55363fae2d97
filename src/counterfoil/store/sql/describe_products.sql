-- The next products and sub-products by their codes; product_pkey.
select p.product_code, p.sub_product_code, p.name_en, p.name_zh, p.en_name
from product as p
where (p.product_code, p.sub_product_code) > ($1::text, $2::text)
order by p.product_code, p.sub_product_code
limit $3::integer
