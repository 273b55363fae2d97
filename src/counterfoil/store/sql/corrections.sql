-- What the corrections of these usage rows sum up to (signed), where there are any;
-- usage_corrections.
select
    c.owner_uin, c.corrects_usage_id,
    sum(case when c.to_bucket = 'spent' then c.amount_micro else -c.amount_micro end)::bigint
        as corrected_micro
from unnest($2::bigint[], $3::bigint[]) as q (owner_uin, usage_id)
join usage as c on c.owner_uin = q.owner_uin and c.corrects_usage_id = q.usage_id
where ($1::bigint[] is null or c.owner_uin = any($1::bigint[]))
group by c.owner_uin, c.corrects_usage_id
