-- When the usages of each voucher on a shelf are made: at even intervals through 2021 to 2024.
create temporary table instants as
select
    i.ordinal, i.paid_at, i.month, to_char(i.paid_at, 'YYYYMMDD') as day,
    row_number() over (partition by i.month order by i.ordinal) as month_ordinal
from (
    select
        o as ordinal, p.paid_at,
        to_char(p.paid_at at time zone interval '8 hours', 'YYYYMM')::integer as month
    from generate_series(1, {usages_each}) as o, lateral (
        select timestamptz '2021-01-01' + (o - 1) * (interval '1460 days' / {usages_each}) as paid_at
    ) as p
) as i;
analyze instants;
