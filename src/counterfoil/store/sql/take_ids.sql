-- Hands out a block of ids of one kind and answers its first; id_range_pkey.
update id_range
set next_id = next_id + $2::bigint
where name = $1::text
returning next_id - $2::bigint
