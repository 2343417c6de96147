"""The metrics of orders and the schemes built on them, by hand in Polars: orders_polars.py ORDERS.parquet OUT.parquet

As in orders_duckdb.py: whole cents, habits of few values counted in the one pass, categories in one of their
own, and the times between orders after a sort by customer and time.
"""
import os
import sys

os.environ.setdefault("POLARS_MAX_THREADS", "2")
from datetime import datetime

import numpy as np
import polars as pl

from orders_schemes import CHANNELS, DAYPARTS, ELEVEN, PAYMENTS, SIX, WEEKDAYS, WINDOWS

orders, out = sys.argv[1:3]
AS_OF, DAY = datetime(2025, 7, 1), 86_400_000_000
NOW = int(np.datetime64(AS_OF, "us").astype("i8"))
col, when, lit = pl.col, pl.when, pl.lit
at = col("ordered_at").to_physical()
scan = pl.scan_parquet(orders).filter(col("ordered_at") < AS_OF)
is_order = col("status").is_in(["completed", "returned", "partly_returned"]) & (col("amount") > 0)
names = lambda column: (scan.select(col(column).drop_nulls().unique()).collect(engine="streaming")[column].sort())
categories, channels, payments = names("category"), names("channel"), names("payment_method")
HABITS = {
    "channel": (channels, [col("channel") == v for v in channels]),
    "payment": (payments, [col("payment_method") == v for v in payments]),
    "daypart": (pl.Series(DAYPARTS), [col("has_time") & e for e in (
        col("hour").is_between(12, 17), col("hour") >= 18, col("hour").is_between(6, 11), col("hour") < 6)]),
    "weekday": (pl.Series(WEEKDAYS), [col("weekday") == i + 1 for i in range(7)]),
}
o, b = col("is_order"), col("is_bought")
count = lambda condition: condition.sum().cast(pl.Int64)
net = col("amount") - col("refunded")
costed = b & (col("cost").is_not_null() | (col("amount") == 0))
windows = []
for days, name, start in WINDOWS:
    inside = (col("back") >= start) & (col("back") < start + days)
    windows += [count(o & inside).alias(f"orders_{name}"), net.filter(b & inside).sum().alias(f"spend_{name}")]
figures = (
    scan.with_columns(
        is_order=is_order, is_return=col("status").is_in(["returned", "partly_returned"]),
        refunded=when(col("status") == "returned").then(col("amount")).otherwise(0), back=(NOW - 1 - at) // DAY,
        hour=col("ordered_at").dt.hour(), weekday=col("ordered_at").dt.weekday(), has_time=at % DAY != 0)
    .with_columns(is_bought=o | col("is_return"))
    .group_by("customer_id")
    .agg(count(o).alias("frequency"), count(col("is_return")).alias("return_count"),
         count(col("status") == "cancelled").alias("cancelled_orders"), col("amount").filter(o).sum().alias("gross"),
         net.filter(b).sum().alias("cents"), col("refunded").filter(b).sum().alias("refunded_amount"),
         col("amount").filter(o).max().alias("largest"),
         (col("amount") * col("amount")).filter(o).cast(pl.Float64).sum().alias("squares"),
         col("ordered_at").filter(o).min().alias("first_order_at"),
         col("ordered_at").filter(o).max().alias("last_order_at"),
         count(o & (col("weekday") >= 6)).alias("weekend"),
         count(o & col("cost").is_not_null()).alias("costed"), col("cost").filter(o).sum().alias("cost_of_goods"),
         count(b & col("cost").is_not_null()).alias("costs"),
         (net - col("cost").fill_null(0)).filter(costed).sum().alias("margin"),
         net.filter(costed).sum().alias("margin_of"),
         count(o & (col("discount") > 0)).alias("discounted"),
         count(o & col("discount").is_not_null()).alias("discounts"), col("discount").filter(o).sum().alias("discount"),
         (col("amount") + col("discount")).filter(o & col("discount").is_not_null()).sum().alias("listed"),
         *windows, *[count(o & condition).alias(f"{habit}_{i}")
                     for habit, (_, conditions) in HABITS.items() for i, condition in enumerate(conditions)])
    .collect(engine="streaming"))
kinds = (
    scan.filter(is_order & col("category").is_not_null())
    .select("customer_id", col("category").cast(pl.Enum(categories)).to_physical().cast(pl.Int64).alias("code"))
    .group_by("customer_id", "code").agg(n=pl.len().cast(pl.Int64))
    .with_columns(best=col("n") * 64 + 63 - col("code"))
    .group_by("customer_id")
    .agg(best=col("best").max(), distinct_order_categories=pl.len().cast(pl.Int64), known=col("n").sum())
    .collect(engine="streaming"))
days = col("days")
rhythm = (
    scan.filter(is_order).select("customer_id", at.alias("at")).collect(engine="streaming").lazy()
    .sort("customer_id", "at")
    .with_columns(days=(col("at") - col("at").shift(1)) / DAY, same=col("customer_id") == col("customer_id").shift(1))
    .filter(col("same"))
    .group_by("customer_id")
    .agg(gap_mean=days.mean(), gap_median=days.median(), gap_stddev=days.std(), shortest_gap_days=days.min(),
         gap_max=days.max(), gap_p80=days.quantile(0.8, "linear"))
    .collect())


def habit(name):
    values = HABITS[name][0]
    counted = [col(f"{name}_{i}") for i in range(len(values))]
    known, best = pl.sum_horizontal(counted), pl.max_horizontal([c * 64 + 63 - i for i, c in enumerate(counted)])
    place = when(known > 0).then(63 - best % 64)
    return [place.replace_strict(list(range(len(values))), values, return_dtype=pl.String).alias(f"favourite_{name}"),
            when(known > 0).then((best // 64) / known).alias(f"favourite_{name}_share")]


some = lambda denominator: when(denominator > 0).then(denominator)
base = (
    figures.lazy().join(kinds.lazy(), on="customer_id", how="left").join(rhythm.lazy(), on="customer_id", how="left")
    .sort("customer_id")
    .select(
        "customer_id", "frequency", "return_count", "cancelled_orders", (col("gross") / 100).alias("gross_spend"),
        (col("cents") / 100).alias("monetary"), col("refunded_amount") / 100, (col("largest") / 100).alias("largest_order"),
        "first_order_at", "last_order_at",
        ((NOW - col("last_order_at").to_physical()) // DAY).alias("recency_days"),
        ((NOW - col("first_order_at").to_physical()) // DAY).alias("tenure_days"),
        (col("weekend") / some(col("frequency"))).alias("weekend_share"),
        (col("costed") / some(col("frequency"))).alias("cost_known_share"),
        when(col("costed") > 0).then(col("cost_of_goods") / 100).alias("cost_of_goods"),
        when(col("costs") > 0).then(col("margin") / 100).alias("margin"),
        when((col("costs") > 0) & (col("margin_of") > 0)).then(col("margin") / col("margin_of")).alias("margin_rate"),
        (col("discounted") / some(col("discounts"))).alias("discount_share"),
        when(col("discounts") > 0).then(col("discount") / some(col("listed"))).alias("discount_depth"),
        when(col("frequency") > 1).then(
            (pl.max_horizontal(col("squares") - col("gross").cast(pl.Float64) * col("gross") / col("frequency"), lit(0.0))
             / (col("frequency") - 1)).sqrt() / 100).alias("order_value_stddev"),
        "gap_mean", "gap_median", "gap_stddev", "shortest_gap_days", "gap_max", "gap_p80",
        *[e for name in HABITS for e in habit(name)],
        (63 - col("best") % 64).replace_strict(list(range(len(categories))), categories, return_dtype=pl.String)
        .alias("favourite_category"),
        (col("best") // 64 / col("known")).alias("favourite_category_share"), "distinct_order_categories",
        *[e for _, name, _ in WINDOWS for e in (f"orders_{name}", col(f"spend_{name}") / 100)],
        "cents", ((2 * col("gross") * 100 + col("frequency")) // some(2 * col("frequency"))).alias("worth"),
        col("spend_365d").alias("spent"),
        when((col("frequency") > 0) | (col("return_count") == 0)).then(col("frequency")).alias("on_record"))
    .collect())

ids = np.arange(len(base))


def among(mask):
    """The rows that a scheme looks at; the figures by name."""
    rows = ids[mask]
    return rows, lambda name: base[name].gather(rows)


def order(key, descending=False):
    """Row numbers in the order of the key; ties stay in the order of customer ids."""
    return pl.DataFrame({"k": key}).with_row_index("i").sort("k", descending=descending, maintain_order=True)["i"].to_numpy()


def scattered(rows, values):
    """Values of some rows as a column of all."""
    full = np.zeros(len(base), values.dtype)
    full[rows] = values
    mask = np.zeros(len(base), bool)
    mask[rows] = True
    return pl.select(when(pl.Series(mask)).then(pl.Series(full))).to_series()


def tiles(parts, key, descending=False):
    """ntile: the first parts hold one more when the base does not divide."""
    part, rest = divmod(len(key), parts)
    i = np.arange(len(key))
    tile = np.where(i < rest * (part + 1), i // (part + 1), rest + (i - rest * (part + 1)) // max(part, 1)) + 1
    found = np.empty(len(key), np.int8)
    found[order(key, descending)] = tile
    return found


buyers, of = among((base["frequency"] >= 1).to_numpy())
spenders, of_spenders = among((base["cents"] > 0).to_numpy())
cents = of("cents").to_numpy()
by_value = order(of("cents"), True)
before = np.empty(len(buyers), np.int64)
before[by_value] = np.cumsum(cents[by_value]) - cents[by_value]
rank = np.empty(len(buyers), np.int64)
rank[order(of("spent"))] = np.arange(1, len(buyers) + 1)
total, people = int(cents.sum()), len(buyers)
scores = base.with_columns(
    r5=scattered(buyers, tiles(5, of("recency_days"), True)), f5=scattered(buyers, tiles(5, of("frequency"))),
    m5=scattered(buyers, tiles(5, of("cents"))), f3=scattered(buyers, tiles(3, of("frequency"))),
    m3=scattered(buyers, tiles(3, of("cents"))), a3=scattered(buyers, tiles(3, of("worth"))),
    before=scattered(buyers, before), rank=scattered(buyers, rank),
    t_f=scattered(spenders, tiles(3, of_spenders("frequency"))), t_m=scattered(spenders, tiles(3, of_spenders("cents"))),
    r_high=col("recency_days") <= of("recency_days").median(), f_high=col("frequency") >= of("frequency").median(),
    m_high=col("cents") >= of("cents").median())


def steps(value, *cases, otherwise):
    """The first case that holds; unknown where the value is."""
    e = when(value.is_null()).then(lit("unknown"))
    for condition, tier in cases:
        e = e.when(condition).then(lit(tier) if isinstance(tier, str) else tier)
    return e.otherwise(lit(otherwise))


def coded(code, tiers):
    known = {int(c): tier for tier, codes in tiers.items() for c in codes.split()}
    return code.replace_strict(list(known), list(known.values()), default=None, return_dtype=pl.String).fill_null("unknown")


def named(metric, groups):
    word = col(metric).str.to_lowercase()
    return steps(col(metric), (col(f"{metric}_share") < 0.6, "mixed"),
                 *[(word.is_in(words), tier) for tier, words in groups.items()], otherwise="other")


def band(value, *cuts):
    """1 up to the first cut, 2 up to the second, and so on."""
    return pl.sum_horizontal([(value > cut).cast(pl.Int8) for cut in cuts]) + 1


is_ = lambda condition: condition.fill_null(False).cast(pl.Int8)
R, F, on_record, cyc = col("recency_days"), col("frequency"), col("on_record"), col("gap_mean")
rhythm_points = 2 * is_(cyc <= 45) + is_((cyc > 45) & (cyc <= 120))
third_r = when(col("t_f").is_not_null()).then(is_(R <= 180) + is_(R <= 365) + 1)
power = when(col("a3") == 3).then(lit("high")).when(col("a3") == 2).then(lit("mid")).when(col("a3") == 1).then(lit("low"))
points = (is_(on_record >= 4) + is_(on_record >= 2) + is_(R < 91) + is_(R < 181) + is_(col("tenure_days") >= 180))
loyalty = when(R.is_null() | on_record.is_null()).then(None).when(points >= 4).then(lit("high")).when(points >= 2).then(
    lit("mid")).otherwise(lit("low"))
share, depth = col("discount_share"), col("discount_depth")
calm = when(share.is_null() | depth.is_null()).then(None).otherwise(
    is_(share < 0.2) + is_(share < 0.6) + is_(depth < 0.05) + is_(depth < 0.15))
travel = 2 * (1 + is_(col("worth") >= 20_000_000) + is_(col("worth") >= 80_000_000)) + is_(
    col("orders_365d") >= 3) + is_(col("orders_365d") >= 1)
pair = col("power") + col("loyalty")
scores.lazy().with_columns(
    code11=col("r5").cast(pl.Int64) * 100 + col("f5") * 10 + col("m5"),
    code6=third_r.cast(pl.Int64) * 100 + col("t_f") * 10 + col("t_m"), power=power, loyalty=loyalty, calm=calm, travel=travel,
    value_points=col("m3") + col("f3") + rhythm_points, spend_points=col("f3") + col("a3"),
).select(
    *[name for name in base.columns if name not in ("cents", "worth", "spent", "on_record")],
    spend_tier=steps(col("f3"), (col("spend_points") >= 5, "high"), (col("spend_points") == 4, "middle"), otherwise="low"),
    value_tier=steps(col("f3"), (col("value_points") >= 7, "high"), (col("value_points") >= 5, "mid"), otherwise="low"),
    abc=steps(col("before"), (10 * col("before") < 7 * total, "a"), (10 * col("before") < 9 * total, "b"), otherwise="c"),
    profit_tier=steps(col("margin"), ((col("margin") >= 1000) & (col("margin_rate") >= 0.3), "high_profit"),
                      ((col("margin") > 0) & (col("margin_rate") >= 0.15), "good_profit"),
                      (col("margin") > 0, "thin_profit"), otherwise="loss_making"),
    rfm_11=coded(col("code11"), ELEVEN), rfm_11__code=col("code11").cast(pl.String),
    rfm_8=when(col("r5").is_null()).then(lit("unknown")).otherwise(
        when(col("m_high")).then(lit("important_")).otherwise(lit("general_"))
        + when(col("r_high") & col("f_high")).then(lit("value")).when(col("r_high")).then(lit("develop"))
        .when(col("f_high")).then(lit("keep")).otherwise(lit("win_back"))),
    rfm_6=coded(col("code6"), SIX),
    rfm_bands=when(F == 0).then(lit("unknown")).otherwise(pl.concat_str(
        lit("r"), band(R, 90, 180, 365), lit("f"), band(F, 2, 5, 10), lit("m"), band(col("cents"), 200_000, 500_000, 1_000_000))),
    frequency_tier=steps(F, (col("orders_365d") >= 4, "frequent"), (col("orders_365d") >= 1, "infrequent"), otherwise="none"),
    buyer_habit=steps(on_record, ((F >= 3) & (cyc <= 90) & (R <= 180), "regular"), (F >= 1, "occasional"),
                      otherwise="prospective"),
    price_sensitivity=steps(col("calm"), (col("calm") >= 3, "insensitive"), (col("calm") >= 2, "moderate"),
                            otherwise="sensitive"),
    channel=named("favourite_channel", CHANNELS), payment=named("favourite_payment", PAYMENTS),
    daypart=steps(col("favourite_daypart"), (col("favourite_daypart_share") >= 0.5, col("favourite_daypart")),
                  otherwise="mixed"),
    purchase_cycle=steps(cyc, (cyc < 30, "short"), (cyc < 90, "medium"), otherwise="long"),
    variety=steps(col("distinct_order_categories"), (col("distinct_order_categories") >= 5, "wide"),
                  (col("distinct_order_categories") >= 2, "several"), otherwise="single"),
    lifecycle=steps(
        on_record, (((F >= 3) & (R <= pl.max_horizontal(col("gap_p80"), lit(30.0))))
                    | ((F < 3) & (col("tenure_days") > 30) & (R <= 60)), "active"),
        ((F >= 1) & (col("tenure_days") <= 30), "new"),
        (((F >= 3) & (R <= pl.max_horizontal(col("gap_max"), lit(90.0)))) | ((F < 3) & (R <= 90)), "silent"),
        (F == 0, "prospect"), otherwise="churned"),
    four_types=steps(on_record, ((col("orders_365d") >= 4) & (R <= 120), "loyal"), (R <= 180, "consumer"),
                     (F == 0, "prospect"), otherwise="lost"),
    store_customer=steps(
        on_record, ((col("largest_order") >= 3000) | (col("shortest_gap_days") <= 30),
                    when(col("spent") >= 1_000_000).then(lit("key")).otherwise(lit("walk_in"))),
        (col("tenure_days") <= 30, "new"), (F >= 1, "ordinary"), otherwise="prospective"),
    mass_discount=steps(pair, (pair.is_in(["highhigh", "highmid", "midhigh"]), "high"),
                        (pair.is_in(["lowlow", "midlow", "lowmid"]), "low"), otherwise="mid"),
    vip_shop=steps(col("rank"), (col("rank") > int(people * 0.8 + 0.5), "high"), (col("rank") > int(people * 0.5 + 0.5), "mid"),
                   otherwise="low"),
    vip_bank=steps(on_record, ((col("spent") >= 50_000_000) | ((col("largest_order") >= 200_000) & (R <= 180)), "vip"),
                   (col("orders_365d") >= 1, "ordinary"), otherwise="prospective"),
    vip_travel=steps(col("worth"), (col("travel") >= 6, "high_end"), (col("travel") >= 4, "middle"), otherwise="low_end"),
).collect().write_parquet(out, compression="zstd")
