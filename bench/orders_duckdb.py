"""The metrics of orders and the schemes built on them, by hand in DuckDB: orders_duckdb.py ORDERS.parquet OUT.parquet

Amounts come as whole cents, which add up exactly and faster than decimals. Habits of few values (channel,
payment, time of day, weekday) are counted in the one pass over the orders, categories in one of their own, and
the times between orders by a window. The favourite travels as one integer: count * 64 + 63 - place.
"""
import sys

import duckdb

from orders_schemes import CHANNELS, DAYPARTS, ELEVEN, PAYMENTS, SIX, WEEKDAYS, WINDOWS

orders, out = sys.argv[1:3]
c = duckdb.connect()
c.execute("set threads = 2; set preserve_insertion_order = false")
src = f"read_parquet('{orders}')"


def values(column):
    found = [r[0] for r in c.execute(
        f"select distinct {column} from {src} where {column} is not null order by 1").fetchall()]
    assert len(found) <= 64, column
    return found


categories, channels, payments = values("category"), values("channel"), values("payment_method")
c.execute("create type category_t as enum (" + ", ".join(f"'{n}'" for n in categories) + ")")
EQUAL = {
    "channel": [f"channel = '{v}'" for v in channels],
    "payment": [f"payment_method = '{v}'" for v in payments],
    "daypart": [f"has_time and hour {between}" for between in (
        "between 12 and 17", ">= 18", "between 6 and 11", "< 6")],
    "weekday": [f"weekday = {i + 1}" for i in range(7)],
}
NAMES = {"channel": channels, "payment": payments, "daypart": DAYPARTS, "weekday": WEEKDAYS}
counts = ",\n  ".join(f"count(*) filter (is_order and {condition}) as {habit}_{i}"
                      for habit, conditions in EQUAL.items() for i, condition in enumerate(conditions))
windows = ",\n  ".join(
    f"count(*) filter (is_order and back >= {start} and back < {start + days}) as orders_{name}, "
    f"coalesce(sum(net) filter (is_bought and back >= {start} and back < {start + days}), 0)::bigint as spend_{name}"
    for days, name, start in WINDOWS)
AS_OF, DAY = "timestamp '2025-07-01'", 86_400_000_000

c.execute(f"""create temp table figures as
with o as (
  select customer_id, ordered_at, amount, discount, cost, channel, payment_method, status,
    status in ('completed', 'returned', 'partly_returned') and amount > 0 as is_order,
    status in ('returned', 'partly_returned') as is_return,
    is_order or is_return as is_bought,
    case when status = 'returned' then amount else 0 end as refunded,
    amount - refunded as net,
    (epoch_us({AS_OF}) - 1 - epoch_us(ordered_at)) // {DAY} as back,
    hour(ordered_at) as hour, isodow(ordered_at) as weekday,
    epoch_us(ordered_at) % {DAY} <> 0 as has_time
  from {src} where ordered_at < {AS_OF})
select customer_id,
  count(*) filter (is_order) as frequency,
  count(*) filter (is_return) as return_count,
  count(*) filter (status = 'cancelled') as cancelled_orders,
  coalesce(sum(amount) filter (is_order), 0)::bigint as gross,
  coalesce(sum(net) filter (is_bought), 0)::bigint as cents,
  coalesce(sum(refunded) filter (is_bought), 0)::bigint as refunded,
  max(amount) filter (is_order) as largest,
  sum((amount * amount)::double) filter (is_order) as squares,
  min(ordered_at) filter (is_order) as first_order_at,
  max(ordered_at) filter (is_order) as last_order_at,
  count(*) filter (is_order and weekday >= 6) as weekend,
  count(cost) filter (is_order) as costed,
  sum(cost) filter (is_order)::bigint as cost_of_goods,
  count(cost) filter (is_bought) as costs,
  sum(net - coalesce(cost, 0)) filter (is_bought and (cost is not null or amount = 0))::bigint as margin,
  sum(net) filter (is_bought and (cost is not null or amount = 0))::bigint as margin_of,
  count(*) filter (is_order and discount > 0) as discounted,
  count(discount) filter (is_order) as discounts,
  sum(discount) filter (is_order)::bigint as discount,
  sum(amount + discount) filter (is_order and discount is not null)::bigint as listed,
  {windows},
  {counts}
from o group by customer_id""")

c.execute(f"""create temp table category as
select customer_id, max(n * 64 + 63 - code) as best, count(*) as kinds, sum(n)::bigint as known from (
  select customer_id, enum_code(category::category_t)::int as code, count(*) as n from {src}
  where ordered_at < {AS_OF} and status in ('completed', 'returned', 'partly_returned') and amount > 0
    and category is not null
  group by all) group by customer_id""")

c.execute(f"""create temp table rhythm as
select customer_id, avg(days) as gap_mean, median(days) as gap_median, stddev_samp(days) as gap_stddev,
  min(days) as shortest_gap_days, max(days) as gap_max, quantile_cont(days, 0.8) as gap_p80
from (select customer_id, (epoch_us(ordered_at)
    - epoch_us(lag(ordered_at) over (partition by customer_id order by ordered_at))) / {DAY} as days from {src}
  where ordered_at < {AS_OF} and status in ('completed', 'returned', 'partly_returned') and amount > 0)
where days is not null group by customer_id""")


def habit(name):
    best = "greatest(" + ", ".join(f"{name}_{i} * 64 + {63 - i}" for i in range(len(NAMES[name]))) + ")"
    known = " + ".join(f"{name}_{i}" for i in range(len(NAMES[name])))
    listed = "[" + ", ".join(f"'{v}'" for v in NAMES[name]) + "]"
    return (f"case when {known} > 0 then ({listed})[64 - {best} % 64] end as favourite_{name}, "
            f"case when {known} > 0 then ({best} // 64) / ({known}) end as favourite_{name}_share")


money = lambda name, as_name=None: f"{name} / 100 as {as_name or name}"
c.execute(f"""create temp table metrics as
select customer_id, frequency, return_count, cancelled_orders,
  {money('gross', 'gross_spend')}, {money('cents', 'monetary')}, {money('refunded', 'refunded_amount')},
  {money('largest', 'largest_order')}, first_order_at, last_order_at,
  (epoch_us({AS_OF}) - epoch_us(last_order_at)) // {DAY} as recency_days,
  (epoch_us({AS_OF}) - epoch_us(first_order_at)) // {DAY} as tenure_days,
  weekend / nullif(frequency, 0) as weekend_share,
  costed / nullif(frequency, 0) as cost_known_share, {money('cost_of_goods')},
  case when costs > 0 then margin / 100 end as margin,
  case when costs > 0 and margin_of > 0 then margin / margin_of end as margin_rate,
  discounted / nullif(discounts, 0) as discount_share, discount / nullif(listed, 0) as discount_depth,
  case when frequency > 1 then sqrt(greatest(squares - gross::double * gross / frequency, 0) / (frequency - 1)) / 100
    end as order_value_stddev,
  gap_mean, gap_median, gap_stddev, shortest_gap_days, gap_max, gap_p80,
  {', '.join(habit(name) for name in NAMES)},
  (enum_range(null::category_t))[64 - best % 64] as favourite_category,
  best // 64 / known as favourite_category_share, kinds as distinct_order_categories,
  {', '.join(f'orders_{name}, spend_{name} / 100 as spend_{name}' for _, name, _ in WINDOWS)},
  cents, (2 * gross * 100 + frequency) // nullif(2 * frequency, 0) as worth, spend_365d as spent,
  case when frequency > 0 or return_count = 0 then frequency end as on_record
from figures left join category using (customer_id) left join rhythm using (customer_id)""")

for name, tiers in (("eleven", ELEVEN), ("six", SIX)):
    rows = ", ".join(f"('{tier}', {code})" for tier, codes in tiers.items() for code in codes.split())
    c.execute(f"create temp table {name} as select * from (values {rows}) as t(tier, code)")


def named(metric, groups):
    cases = " ".join("when lower({}) in ({}) then '{}'".format(metric, ", ".join(f"'{w}'" for w in words), tier)
                     for tier, words in groups.items())
    return f"case when {metric} is null then 'unknown' when {metric}_share < 0.6 then 'mixed' {cases} else 'other' end"


c.execute(f"""copy (
with score as (
  select customer_id,
    ntile(5) over (order by recency_days desc, customer_id) as r5,
    ntile(5) over (order by frequency, customer_id) as f5, ntile(5) over (order by cents, customer_id) as m5,
    ntile(3) over (order by frequency, customer_id) as f3, ntile(3) over (order by cents, customer_id) as m3,
    ntile(3) over (order by worth, customer_id) as a3, row_number() over (order by spent, customer_id) as spend_rank,
    sum(cents) over (order by cents desc, customer_id rows unbounded preceding) - cents as before,
    sum(cents) over () as total, count(*) over () as buyers,
    recency_days <= median(recency_days) over () as r_high, frequency >= median(frequency) over () as f_high,
    cents >= median(cents) over () as m_high
  from metrics where frequency >= 1),
third as (
  select customer_id, case when recency_days <= 180 then 3 when recency_days <= 365 then 2 else 1 end as r,
    ntile(3) over (order by frequency, customer_id) as f, ntile(3) over (order by cents, customer_id) as m
  from metrics where cents > 0),
l as (
  select m.*, r5, f5, m5, f3, m3, a3, spend_rank, before, total, buyers, r_high, f_high, m_high,
    s.customer_id is not null as is_buyer, t.r as t_r, t.f as t_f, t.m as t_m,
    r5 * 100 + f5 * 10 + m5 as code11, t_r * 100 + t_f * 10 + t_m as code6,
    case when gap_mean <= 45 then 2 when gap_mean <= 120 then 1 else 0 end as rhythm,
    case when a3 = 3 then 'high' when a3 = 2 then 'mid' when a3 = 1 then 'low' end as power,
    case when recency_days is not null then case when on_record >= 4 then 2 when on_record >= 2 then 1 else 0 end
      + case when recency_days < 91 then 2 when recency_days < 181 then 1 else 0 end
      + case when tenure_days >= 180 then 1 else 0 end end as loyal_points,
    case when loyal_points >= 4 then 'high' when loyal_points >= 2 then 'mid' when loyal_points >= 0 then 'low' end as loyalty,
    case when discounts.share < 0.2 then 2 when discounts.share < 0.6 then 1 when discounts.share >= 0.6 then 0 end
      + case when discounts.depth < 0.05 then 2 when discounts.depth < 0.15 then 1 when discounts.depth >= 0.15 then 0 end
      as insensitive,
    case when worth >= 80000000 then 6 when worth >= 20000000 then 4 when worth >= 0 then 2 end
      + case when orders_365d >= 3 then 2 when orders_365d >= 1 then 1 else 0 end as travel
  from (select *, {{'share': discount_share, 'depth': discount_depth}} as discounts from metrics) m
  left join score s using (customer_id) left join third t using (customer_id))
select l.* exclude (r5, f5, m5, f3, m3, a3, spend_rank, before, total, buyers, r_high, f_high, m_high, is_buyer, t_r, t_f, t_m,
    code11, code6, rhythm, power, loyal_points, loyalty, insensitive, travel, cents, worth, spent, on_record, discounts),
  case when not is_buyer then 'unknown' when f3 + a3 >= 5 then 'high' when f3 + a3 = 4 then 'middle' else 'low' end as spend_tier,
  case when not is_buyer then 'unknown' when m3 + f3 + rhythm >= 7 then 'high' when m3 + f3 + rhythm >= 5 then 'mid'
    else 'low' end as value_tier,
  case when not is_buyer then 'unknown' when 10 * before < 7 * total then 'a' when 10 * before < 9 * total then 'b'
    else 'c' end as abc,
  case when margin is null then 'unknown' when margin >= 1000 and margin_rate >= 0.3 then 'high_profit'
    when margin > 0 and margin_rate >= 0.15 then 'good_profit' when margin > 0 then 'thin_profit' else 'loss_making' end
    as profit_tier,
  coalesce(e.tier, 'unknown') as rfm_11, case when is_buyer then code11::varchar end as rfm_11__code,
  case when not is_buyer then 'unknown' else case when m_high then 'important' else 'general' end || '_' ||
    case when r_high and f_high then 'value' when r_high then 'develop' when f_high then 'keep' else 'win_back' end end as rfm_8,
  coalesce(x.tier, 'unknown') as rfm_6,
  case when frequency = 0 then 'unknown' else concat(
    'r', case when recency_days <= 90 then 1 when recency_days <= 180 then 2 when recency_days <= 365 then 3 else 4 end,
    'f', case when frequency <= 2 then 1 when frequency <= 5 then 2 when frequency <= 10 then 3 else 4 end,
    'm', case when cents <= 200000 then 1 when cents <= 500000 then 2 when cents <= 1000000 then 3 else 4 end)
    end as rfm_bands,
  case when orders_365d >= 4 then 'frequent' when orders_365d >= 1 then 'infrequent' else 'none' end as frequency_tier,
  case when on_record is null then 'unknown' when frequency >= 3 and gap_mean <= 90 and recency_days <= 180 then 'regular'
    when frequency >= 1 then 'occasional' else 'prospective' end as buyer_habit,
  case when insensitive is null then 'unknown' when insensitive >= 3 then 'insensitive' when insensitive >= 2 then 'moderate'
    else 'sensitive' end as price_sensitivity,
  {named('favourite_channel', CHANNELS)} as channel,
  {named('favourite_payment', PAYMENTS)} as payment,
  case when favourite_daypart is null then 'unknown' when favourite_daypart_share >= 0.5 then favourite_daypart
    else 'mixed' end as daypart,
  case when gap_mean is null then 'unknown' when gap_mean < 30 then 'short' when gap_mean < 90 then 'medium'
    else 'long' end as purchase_cycle,
  case when distinct_order_categories is null then 'unknown' when distinct_order_categories >= 5 then 'wide'
    when distinct_order_categories >= 2 then 'several' else 'single' end as variety,
  case when on_record is null then 'unknown'
    when frequency >= 3 and recency_days <= greatest(gap_p80, 30)
      or frequency < 3 and tenure_days > 30 and recency_days <= 60 then 'active'
    when frequency >= 1 and tenure_days <= 30 then 'new'
    when frequency >= 3 and recency_days <= greatest(gap_max, 90) or frequency < 3 and recency_days <= 90 then 'silent'
    when frequency = 0 then 'prospect' else 'churned' end as lifecycle,
  case when on_record is null then 'unknown' when orders_365d >= 4 and recency_days <= 120 then 'loyal'
    when recency_days <= 180 then 'consumer' when frequency = 0 then 'prospect' else 'lost' end as four_types,
  case when on_record is null then 'unknown' when largest_order >= 3000 or shortest_gap_days <= 30 then
      case when spent >= 1000000 then 'key' else 'walk_in' end
    when tenure_days <= 30 then 'new' when frequency >= 1 then 'ordinary' else 'prospective' end as store_customer,
  case when power is null or loyalty is null then 'unknown'
    when power || loyalty in ('highhigh', 'highmid', 'midhigh') then 'high'
    when power || loyalty in ('lowlow', 'midlow', 'lowmid') then 'low' else 'mid' end as mass_discount,
  case when not is_buyer then 'unknown' when spend_rank > round(buyers * 0.8) then 'high'
    when spend_rank > round(buyers * 0.5) then 'mid' else 'low' end as vip_shop,
  case when on_record is null then 'unknown'
    when spent >= 50000000 or largest_order >= 200000 and recency_days <= 180 then 'vip'
    when orders_365d >= 1 then 'ordinary' else 'prospective' end as vip_bank,
  case when worth is null then 'unknown' when travel >= 6 then 'high_end' when travel >= 4 then 'middle'
    else 'low_end' end as vip_travel
from l left join eleven e on e.code = l.code11 left join six x on x.code = l.code6)
to '{out}' (format parquet, compression zstd)""")
