-- Adds products and sub-products, or gives those there new names; product_pkey.
insert into product (product_code, sub_product_code, name_en, name_zh, en_name)
select q.product_code, q.sub_product_code, q.name_en, q.name_zh, q.en_name
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
    as q (product_code, sub_product_code, name_en, name_zh, en_name)
on conflict (product_code, sub_product_code) do update
set name_en = excluded.name_en, name_zh = excluded.name_zh, en_name = excluded.en_name
