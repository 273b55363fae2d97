-- Postings that are out of their place or can't have been made: numbers, ordinals and ordinals of
-- the month must be dense from 1 in posting order, instants never decrease, each kind moves value
-- its own way and never more than there is, a row's lines sum to its amount. The first of each
-- kind and voucher; reads all of a range of owners.
select distinct on (p.owner_uin, p.voucher_no, d.kind)
    d.kind, p.owner_uin, p.voucher_no, concat('posting ', p.posting_no) as place, d.expected,
    d.found
from (
    select
        j.owner_uin, j.voucher_no, j.posting_no, j.ordinal, j.month, j.paid_month,
        j.month_ordinal, j.kind, j.amount_micro, j.lines_micro, j.posted_at,
        concat_ws(' ', j.kind, j.from_bucket, j.to_bucket) as way,
        j.kind = 'issue' as is_issue,
        row_number() over posted as posting_place,
        case when j.ordinal is not null then count(j.ordinal) over posted end as place,
        case when j.ordinal is not null then row_number() over in_month end as month_place,
        max(j.posted_at) over posted as not_before,
        least(
            sum(case 'available' when j.to_bucket then j.amount_micro
                when j.from_bucket then -j.amount_micro else 0 end) over posted,
            sum(case 'held' when j.to_bucket then j.amount_micro
                when j.from_bucket then -j.amount_micro else 0 end) over posted,
            sum(case 'spent' when j.to_bucket then j.amount_micro
                when j.from_bucket then -j.amount_micro else 0 end) over posted
        ) as least_micro
    from (
        select
            u.owner_uin, u.voucher_no, u.posting_no, u.ordinal, u.month, u.month_ordinal, u.kind,
            u.from_bucket, u.to_bucket, u.amount_micro, u.posted_at,
            extract(year from u.paid_at at time zone interval '8 hours')::integer * 100
                + extract(month from u.paid_at at time zone interval '8 hours')::integer
                as paid_month,
            (
                select coalesce(sum(line.amount::numeric), 0)
                from jsonb_path_query(u.lines, '$[*].amount_micro ? (@.type() == "number")')
                    as line (amount)
            ) as lines_micro
        from usage as u
        where u.owner_uin > $1::bigint and u.owner_uin <= $2::bigint
        union all
        select
            m.owner_uin, m.voucher_no, m.posting_no, null, null, null, m.kind, m.from_bucket,
            m.to_bucket, m.amount_micro, m.posted_at, null, m.amount_micro
        from movement as m
        where m.owner_uin > $1::bigint and m.owner_uin <= $2::bigint
    ) as j
    window
        posted as (
            partition by j.owner_uin, j.voucher_no
            order by j.posting_no, j.ordinal rows unbounded preceding
        ),
        in_month as (
            partition by j.owner_uin, j.voucher_no, j.month order by j.posting_no, j.ordinal
        )
) as p
cross join lateral (
    values
        ('posting.posting_no', p.posting_place::text, p.posting_no::text),
        ('usage.ordinal', p.place::text, p.ordinal::text),
        ('usage.month', p.paid_month::text, p.month::text),
        ('usage.month_ordinal', p.month_place::text, p.month_ordinal::text),
        ('usage.lines_micro', p.amount_micro::text, p.lines_micro::text),
        ('posting.posted_at', p.not_before::text, p.posted_at::text),
        ('posting.overdrawn_micro', '0', least(p.least_micro, 0)::text),
        ('posting.first', (p.posting_no = 1)::text, p.is_issue::text),
        ('posting.way', case when p.way = any($4::text[]) then p.way end, p.way)
) as d (kind, expected, found)
where (
        p.posting_no <> p.posting_place
        or p.ordinal <> p.place
        or p.month <> p.paid_month
        or p.month_ordinal <> p.month_place
        or p.amount_micro <> p.lines_micro
        or p.posted_at < p.not_before
        or p.least_micro < 0
        or p.is_issue <> (p.posting_no = 1)
        or p.way <> all($4::text[])
    )
    and d.expected is distinct from d.found
order by p.owner_uin, p.voucher_no, d.kind, p.posting_no
limit $3::integer
