-- One sub-user of one account; sub_user_pkey.
select s.uin
from sub_user as s
where s.uin = $2::bigint and s.main_uin = $1::bigint
