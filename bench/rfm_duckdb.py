"""The RFM job by hand in DuckDB: rfm_duckdb.py ORDERS.parquet OUT.parquet

Two tuned steps: aggregates into a temporary table, then ranks and labels. The favourite category
travels as one integer (count * 64 + 63 - code), which DuckDB aggregates faster than a row.
"""
import sys
import duckdb

orders, out = sys.argv[1:3]
c = duckdb.connect()
c.execute("set threads = 2; set preserve_insertion_order = false")
src = f"read_parquet('{orders}')"
names = [r[0] for r in c.execute(f"select distinct category from {src} order by 1").fetchall()]
assert len(names) <= 64
c.execute("create type category_t as enum (" + ", ".join(f"'{n}'" for n in names) + ")")
c.execute(f"""create temp table figures as
with by_category as (
  select customer_id, enum_code(category::category_t)::int as code, count(*) as n,
    count(*) filter (status = 'returned') as returned, sum(amount) as gross,
    sum(amount) filter (status = 'completed') as net, min(ordered_at) as first, max(ordered_at) as last
  from {src} where status <> 'cancelled' group by all)
select customer_id, sum(n)::bigint as frequency, sum(returned)::bigint as returned, sum(gross) as gross,
  round(coalesce(sum(net), 0), 2) as monetary, min(first) as first_order, max(last) as last_order,
  max(n * 64 + 63 - code) as favourite, count(*) as categories
from by_category group by customer_id""")
total = c.execute("select sum(cast(round(monetary * 100) as bigint)) from figures").fetchone()[0]
c.execute(f"""copy (
with b as (select *, cast(round(monetary * 100) as bigint) as cents,
    cast(floor(epoch(timestamp '2025-07-01' - last_order) / 86400) as int) as recency_days,
    cast(floor(epoch(timestamp '2025-07-01' - first_order) / 86400) as int) as tenure_days from figures),
s as (select *, ntile(5) over (order by recency_days desc, customer_id) as r,
    ntile(5) over (order by frequency, customer_id) as f, ntile(5) over (order by cents, customer_id) as m,
    sum(cents) over (order by cents desc, customer_id rows unbounded preceding) - cents as before from b)
select customer_id, recency_days, frequency, monetary, gross / frequency as average_order_value, first_order,
  last_order, case when frequency > 1
    then epoch(last_order - first_order) / 86400 / (frequency - 1) end as gap_mean_days,
  (enum_range(null::category_t))[64 - favourite % 64] as favourite_category, categories,
  returned / frequency as return_rate, concat(r, f, m) as code,
  case when r >= 4 and (f + m) // 2 >= 4 then 'champions' when r = 1 and (f + m) // 2 >= 4 then 'cannot_lose'
    when r = 3 and (f + m) // 2 >= 4 or r >= 4 and (f + m) // 2 = 3 then 'loyal'
    when r = 5 and (f + m) // 2 = 1 then 'new' when r = 4 and (f + m) // 2 = 1 then 'promising'
    when r >= 4 and (f + m) // 2 = 2 then 'potential_loyalist'
    when r = 3 and (f + m) // 2 = 3 then 'need_attention' when r = 3 then 'about_to_sleep'
    when r <= 2 and (f + m) // 2 >= 3 then 'at_risk' when r = 2 then 'hibernating' else 'lost' end as segment,
  case when before * 10 < {total}::bigint * 7 then 'a' when before * 10 < {total}::bigint * 9 then 'b'
    else 'c' end as abc,
  case when tenure_days <= 90 then 'new' when recency_days <= 90 then 'active'
    when recency_days <= 270 then 'silent' else 'churned' end as lifecycle
from s) to '{out}' (format parquet, compression zstd)""")
