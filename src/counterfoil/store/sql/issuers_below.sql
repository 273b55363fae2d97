-- The accounts whose vouchers a partner sees: itself and the partners below it;
-- account_sub_resellers.
select $1::bigint as uin
union all
select i.uin
from account as i
where i.parent_uin = $1::bigint and i.kind = 'sub_reseller'
