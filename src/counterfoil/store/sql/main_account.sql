-- The account of this number, or the one whose sub-user has it; account_pkey and sub_user_pkey.
select a.uin
from account as a
where a.uin = $1::bigint
union all
select s.main_uin
from sub_user as s
where s.uin = $1::bigint
