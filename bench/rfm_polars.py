"""The RFM job by hand in Polars (lazy, streaming engine): rfm_polars.py ORDERS.parquet OUT.parquet"""
import os
import sys

os.environ.setdefault("POLARS_MAX_THREADS", "2")
from datetime import datetime

import numpy as np
import polars as pl

orders, out = sys.argv[1:3]
AS_OF, DAY = datetime(2025, 7, 1), 86_400_000_000
col, when, lit = pl.col, pl.when, pl.lit
scan = pl.scan_parquet(orders)
names = scan.select(col("category").unique()).collect(engine="streaming")["category"].sort()
by_category = (
    scan.filter(col("status") != "cancelled")
    .select("customer_id", "ordered_at", "amount", (col("status") == "returned").alias("returned"),
            col("category").cast(pl.Enum(names)).to_physical().cast(pl.Int64).alias("code"))
    .group_by("customer_id", "code")
    .agg(n=pl.len().cast(pl.Int64), returned=col("returned").sum().cast(pl.Int64), gross=col("amount").sum(),
         net=col("amount").filter(~col("returned")).sum(), first=col("ordered_at").min(),
         last=col("ordered_at").max()))
figures = (
    by_category.with_columns(favourite=col("n") * 64 + 63 - col("code"))
    .group_by("customer_id")
    .agg(frequency=col("n").sum(), returned=col("returned").sum(), gross=col("gross").sum(),
         monetary=col("net").sum().round(2), first_order=col("first").min(), last_order=col("last").max(),
         favourite=col("favourite").max(), categories=pl.len().cast(pl.Int64))
    .collect(engine="streaming"))
micros = lambda e: e.dt.total_microseconds()
base = figures.lazy().with_columns(
    recency_days=(micros(AS_OF - col("last_order")) // DAY).cast(pl.Int32),
    tenure_days=(micros(AS_OF - col("first_order")) // DAY).cast(pl.Int32),
    average_order_value=col("gross") / col("frequency"),
    gap_mean_days=when(col("frequency") > 1)
    .then(micros(col("last_order") - col("first_order")) / DAY / (col("frequency") - 1)),
    return_rate=col("returned") / col("frequency"),
    cents=(col("monetary") * 100).round().cast(pl.Int64)).sort("customer_id").collect()
base = base.with_columns(favourite_category=names.gather(63 - base["favourite"] % 64))
n = len(base)
part, rest = divmod(n, 5)


def fifths(order):
    """ntile(5): the first parts hold one more when the base does not divide."""
    i = np.arange(n)
    cut = rest * (part + 1)
    tile = np.where(i < cut, i // (part + 1), rest + (i - cut) // max(part, 1)) + 1
    scattered = np.empty(n, np.int8)
    scattered[order] = tile
    return pl.Series(scattered)


def ranked(key, descending):
    """Row numbers in the order of the key; ties stay in the order of customer ids."""
    frame = pl.DataFrame({"k": key}).with_row_index("i")
    return frame.sort("k", descending=descending, maintain_order=True)["i"].to_numpy()


by_value = ranked(base["cents"], True)
cents = base["cents"].to_numpy()[by_value]
before = np.empty(n, np.int64)
before[by_value] = np.cumsum(cents) - cents
total = int(cents.sum())
r, g = col("r"), (col("f") + col("m")) // 2
base.with_columns(
    r=fifths(ranked(base["recency_days"], True)), f=fifths(ranked(base["frequency"], False)),
    m=fifths(ranked(base["cents"], False)), before=pl.Series(before)).lazy().select(
    "customer_id", "recency_days", "frequency", "monetary", "average_order_value", "first_order", "last_order",
    "gap_mean_days", "favourite_category", "categories", "return_rate",
    code=pl.concat_str("r", "f", "m"),
    segment=when((r >= 4) & (g >= 4)).then(lit("champions")).when((r == 1) & (g >= 4)).then(lit("cannot_lose"))
    .when(((r == 3) & (g >= 4)) | ((r >= 4) & (g == 3))).then(lit("loyal"))
    .when((r == 5) & (g == 1)).then(lit("new")).when((r == 4) & (g == 1)).then(lit("promising"))
    .when((r >= 4) & (g == 2)).then(lit("potential_loyalist"))
    .when((r == 3) & (g == 3)).then(lit("need_attention")).when(r == 3).then(lit("about_to_sleep"))
    .when((r <= 2) & (g >= 3)).then(lit("at_risk")).when(r == 2).then(lit("hibernating")).otherwise(lit("lost")),
    abc=when(col("before") * 10 < total * 7).then(lit("a")).when(col("before") * 10 < total * 9).then(lit("b"))
    .otherwise(lit("c")),
    lifecycle=when(col("tenure_days") <= 90).then(lit("new")).when(col("recency_days") <= 90).then(lit("active"))
    .when(col("recency_days") <= 270).then(lit("silent")).otherwise(lit("churned")),
).collect().write_parquet(out, compression="zstd")
