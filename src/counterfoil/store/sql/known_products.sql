-- Which of these products and sub-products the catalogue has; product_pkey.
select p.product_code, p.sub_product_code
from unnest($1::text[], $2::text[]) as q (product_code, sub_product_code)
join product as p
    on p.product_code = q.product_code and p.sub_product_code = q.sub_product_code
