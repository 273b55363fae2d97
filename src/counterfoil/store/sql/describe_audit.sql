-- The newest rows of the audit since $3 and before the place ($4, $5): of one caller ($1), of one
-- action ($2), or all. audit_caller, audit_action or audit_time, read from where the page begins.
select
    a.occurred_at, a.audit_id, a.request_id, a.main_uin, a.uin, a.session, a.secret_id, a.address,
    a.service, a.action, a.code, a.refused_count
from audit as a
where a.audit_id = any(array(
    (
        select c.audit_id
        from audit as c
        where $1::bigint is not null
            and c.uin = $1::bigint
            and ($2::text is null or c.action = $2::text)
            and c.occurred_at >= $3::timestamptz
            and (c.occurred_at, c.audit_id) < ($4::timestamptz, $5::bigint)
        order by c.occurred_at desc, c.audit_id desc
        limit $6::integer
    )
    union all
    (
        select n.audit_id
        from audit as n
        where $1::bigint is null
            and n.action = $2::text
            and n.occurred_at >= $3::timestamptz
            and (n.occurred_at, n.audit_id) < ($4::timestamptz, $5::bigint)
        order by n.occurred_at desc, n.audit_id desc
        limit $6::integer
    )
    union all
    (
        select t.audit_id
        from audit as t
        where $1::bigint is null
            and $2::text is null
            and t.occurred_at >= $3::timestamptz
            and (t.occurred_at, t.audit_id) < ($4::timestamptz, $5::bigint)
        order by t.occurred_at desc, t.audit_id desc
        limit $6::integer
    )
))
order by a.occurred_at desc, a.audit_id desc
