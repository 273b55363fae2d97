-- Which of these client tokens came before, and what they stand for; idempotency_pkey.
select i.owner_uin, i.caller_uin, i.token, i.digest, i.answer
from unnest($2::bigint[], $3::bigint[], $4::text[]) as q (owner_uin, caller_uin, token)
join idempotency as i
    on i.owner_uin = q.owner_uin and i.caller_uin = q.caller_uin and i.token = q.token
where ($1::bigint[] is null or i.owner_uin = any($1::bigint[]))
