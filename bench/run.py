#!/usr/bin/env python3
"""Times Clientele against DuckDB and Polars on the same orders, in the same run.

  run.py --clientele BINARY [--customers 1000000 --orders 20000000] [--runs 5] [--dir DIR] [--keep]

1. import   the orders' CSV into an empty workspace, against DuckDB's COPY of the same CSV to Parquet
2. rfm      RFM, 11 segments, ABC and lifecycle to Parquet: `clientele refresh` of those schemes, against
            the same job by hand in DuckDB and Polars (rfm_duckdb.py, rfm_polars.py). They read the orders
            as Parquet with integer customer ids and doubles: their best case. The outputs are compared.
3. orders   the metrics of orders and lines and the schemes built on them, against the same by hand
            (orders_duckdb.py, orders_polars.py), which read the amounts as whole cents. The outputs are
            compared: counts, times, texts and tiers must be the same, what is divided or rooted within
            the tolerances below
   all      every built-in metric and scheme, of whatever facts

Whole processes, run in turn; medians of wall time and processor time, and the largest resident set. Ratios
below 1 mean that Clientele was faster.
"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
METRICS = ("recency_days,frequency,monetary,average_order_value,first_order_at,last_order_at,gap_mean,"
           "favourite_category,distinct_order_categories,return_rate")
AS_OF = "2025-07-01"
# Those that orders and their lines can tell.
ORDER_SCHEMES = ("spend-tier value-tier abc profit-tier rfm-11 rfm-8 rfm-6 rfm-bands frequency-tier buyer-habit "
                 "price-sensitivity channel payment daypart purchase-cycle variety lifecycle four-types "
                 "store-customer mass-discount vip-shop vip-bank vip-travel").split()


def run(command):
    """Wall seconds, peak memory (GiB) and seconds of processor time of a whole process."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    if status != 0:
        sys.exit(f"{' '.join(command)} failed:\n{errors.decode(errors='replace')}")
    return wall, usage.ru_maxrss / 2**20, usage.ru_utime + usage.ru_stime


def in_turn(commands, runs, before=None):
    """Runs the commands A B C A B C …; per command its times and peaks."""
    found = {name: [] for name in commands}
    for turn in range(runs + 1):
        for name, command in commands.items():
            if before:
                before(name)
            result = run(command)
            if turn > 0:  # the first turn warms the disk cache
                found[name].append(result)
    return found


def table(title, found, base):
    print(f"\n{title}")
    print(f"  {'':24}{'median s':>10}{'min':>9}{'max':>9}{'CPU s':>9}{'peak GiB':>10}{'ratio':>8}{'of CPU':>8}")
    ours, our_cpu = (statistics.median(r[i] for r in found[base]) for i in (0, 2))
    for name, results in found.items():
        walls = [r[0] for r in results]
        median, peak, cpu = statistics.median(walls), max(r[1] for r in results), statistics.median(r[2] for r in results)
        ratio = "" if name == base else f"{ours / median:8.2f}{our_cpu / cpu:8.2f}"
        print(f"  {name:24}{median:10.2f}{min(walls):9.2f}{max(walls):9.2f}{cpu:9.2f}{peak:10.2f}{ratio}", flush=True)


RFM_EXACT = ["recency_days", "frequency", "code", "segment", "abc", "lifecycle", "categories", "favourite_category",
             "first_order", "last_order"]
# How far apart the peers' floating point may be, as a part of the figure (of one where it is smaller).
RFM_NEAR = {"monetary": 1e-9, "average_order_value": 1e-4, "gap_mean_days": 1e-9, "return_rate": 1e-9}
ORDER_NEAR = {"order_value_stddev": 1e-4, "margin_rate": 1e-9, "discount_depth": 1e-9, "gap_mean": 1e-9,
              "gap_median": 1e-9, "gap_stddev": 1e-9, "gap_p80": 1e-9, "gap_max": 1e-9, "shortest_gap_days": 1e-9}


def compare(connection, ours, peer, label, exact, near):
    """Joins the two outputs; says how many customers differ in which column."""
    checks = [f"count(*) filter (a.{c}::varchar is distinct from b.{c}::varchar) as {c}" for c in exact]
    checks += [f"""count(*) filter ((a.{c} is null) <> (b.{c} is null)
                 or abs(a.{c}::double - b.{c}::double) > {e} * greatest(1, abs(a.{c}::double))) as {c}"""
               for c, e in near.items()]
    row = connection.execute(f"""select count(*) as customers, {', '.join(checks)}
        from {ours} a full join '{peer}' b on a.customer_id = b.customer_id""").fetchone()
    differ = {name: n for name, n in zip(exact + list(near), row[1:]) if n}
    print(f"  {label}: {row[0]:,} customers, columns that differ: {differ or 'none'}")
    return not differ


def compare_orders(connection, at, of_orders):
    """Compares the metrics of orders, and the tiers built on them, with both peers'."""
    kinds = {row[0]: row[1] for row in connection.execute(f"describe select * from '{at('orders-duckdb.parquet')}'").fetchall()}
    tiers = [scheme.replace("-", "_") for scheme in ORDER_SCHEMES]
    figures = [name for name in kinds if name not in ("customer_id", "rfm_11__code", *tiers)]
    # What the file says nothing of, the peers leave out: the lines, and when orders were paid.
    empty = [name for name in of_orders if name not in figures]
    near = {name: ORDER_NEAR.get(name, 1e-9) for name in figures if kinds[name] == "DOUBLE"}
    exact = [name for name in kinds if name not in near and name != "customer_id"]
    whole = [name for name in figures if "INT" in kinds[name]]
    columns = [f"{name}::bigint as {name}" if name in whole else f"{name}" for name in figures]
    connection.execute(f"""create or replace temp table ours as
        select substr(m.customer_id, 2)::bigint as customer_id, {', '.join(columns)}, rfm_11__code,
          {', '.join(f"coalesce(l.{tier}, 'unknown') as {tier}" for tier in tiers)}
        from '{at('metrics.parquet')}' m join '{at('labels.parquet')}' l using (source, customer_id)""")
    known = connection.execute(f"select {', '.join(f'count({name})' for name in empty)} from '{at('metrics.parquet')}'").fetchone()
    told = {name: n for name, n in zip(empty, known) if n}
    print(f"  {len(figures)} metrics and {len(tiers)} schemes are compared; without facts, and empty but for {told or 'none'}: "
          f"{', '.join(empty)}")
    same = [compare(connection, "ours", at(f"orders-{tool}.parquet"), tool, exact, near) for tool in ("duckdb", "polars")]
    return all(same) and not told


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clientele", required=True)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--orders", type=int, default=20_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--dir", default=None, help="where the data goes; a temporary folder without it")
    parser.add_argument("--keep", action="store_true", help="leave the data there")
    parser.add_argument("--skip-import", action="store_true", help="time the refresh only")
    args = parser.parse_args()
    import duckdb

    folder = args.dir or tempfile.mkdtemp(prefix="clientele-bench-")
    os.makedirs(folder, exist_ok=True)
    at = lambda *names: os.path.join(folder, *names)
    binary, python = args.clientele, sys.executable
    connection = duckdb.connect()
    connection.execute("set threads = 2; set preserve_insertion_order = false")
    try:
        if not os.path.exists(at("generated", "orders.csv")):
            print(f"generating {args.orders:,} orders of {args.customers:,} customers …", flush=True)
            run([binary, "generate", at("generated"), "--customers", str(args.customers),
                 "--orders", str(args.orders), "--seed", "7", "--format", "csv", "--no-lines"])
        orders = at("generated", "orders.csv")

        def fresh(name):
            if name == "clientele":
                shutil.rmtree(at("workspace"), ignore_errors=True)
                run([binary, "init", at("workspace"), "--currency", "GBP", "--timezone", "UTC"])

        importing = [binary, "--workspace", at("workspace"), "import", orders]
        if args.skip_import:
            fresh("clientele")
            run(importing)
        else:
            copy = (f"set threads = 2; set preserve_insertion_order = false; copy (from read_csv('{orders}')) "
                    f"to '{at('copied.parquet')}' (format parquet, compression zstd)")
            copying = [python, "-c", f"import duckdb; duckdb.connect().execute({copy!r})"]
            table(f"import of {os.path.getsize(orders) / 2**30:.2f} GiB of CSV",
                  in_turn({"clientele": importing, "duckdb copy": copying}, min(args.runs, 3), fresh), "clientele")

        shutil.copytree(os.path.join(HERE, "library"), at("workspace", "library"), dirs_exist_ok=True)
        connection.execute(f"""copy (select substr(customer_id, 2)::bigint as customer_id, ordered_at,
            amount::double as amount, category, status from read_csv('{orders}'))
            to '{at('rfm.parquet')}' (format parquet, compression zstd)""")
        cents = [f"round({name} * 100)::bigint as {name}" for name in ("amount", "discount", "cost")]
        connection.execute(f"""copy (select substr(customer_id, 2)::bigint as customer_id, ordered_at, {', '.join(cents)},
            category, channel, payment_method, status from read_csv('{orders}'))
            to '{at('orders.parquet')}' (format parquet, compression zstd)""")
        refresh = [binary, "--workspace", at("workspace"), "refresh", "--as-of", AS_OF]
        job = refresh + ["--schemes", "bench-rfm,bench-abc,bench-lifecycle", "--metrics", METRICS]
        by_hand = lambda job, tool: [python, os.path.join(HERE, f"{job}_{tool}.py"), at(f"{job}.parquet"),
                                     at(f"{job}-{tool}.parquet")]
        found = in_turn({"clientele": job, "duckdb": by_hand("rfm", "duckdb"), "polars": by_hand("rfm", "polars")},
                        args.runs)
        table("rfm: refresh of RFM, segments, ABC, lifecycle", found, "clientele")

        def exported():
            for what in ("metrics", "labels"):
                run([binary, "--workspace", at("workspace"), "export", what, "--to", at(f"{what}.parquet")])

        exported()
        connection.execute(f"""create temp table ours as
            select substr(m.customer_id, 2)::bigint as customer_id, recency_days::int as recency_days, frequency,
              monetary::double as monetary, average_order_value::double as average_order_value,
              first_order_at as first_order, last_order_at as last_order, gap_mean as gap_mean_days, favourite_category,
              distinct_order_categories as categories, return_rate, bench_rfm__code as code, bench_rfm as segment,
              bench_abc as abc, bench_lifecycle as lifecycle
            from '{at('metrics.parquet')}' m join '{at('labels.parquet')}' l using (source, customer_id)
            where frequency > 0""")
        same = [compare(connection, "ours", at(f"rfm-{tool}.parquet"), tool, RFM_EXACT, RFM_NEAR)
                for tool in ("duckdb", "polars")]

        known = json.loads(subprocess.run([binary, "--workspace", at("workspace"), "metrics", "list", "--json"],
                                          check=True, capture_output=True, text=True).stdout)["metrics"]
        of_orders = [m["id"] for m in known if m["source"] in ("orders", "order_lines")]
        job = refresh + ["--schemes", ",".join(ORDER_SCHEMES), "--metrics", ",".join(of_orders)]
        tools = {"clientele": job, "duckdb": by_hand("orders", "duckdb"), "polars": by_hand("orders", "polars")}
        table(f"orders: {len(of_orders)} metrics of orders and lines, {len(ORDER_SCHEMES)} schemes",
              in_turn(tools, min(args.runs, 3)), "clientele")
        exported()
        same.append(compare_orders(connection, at, of_orders))

        peers = min(statistics.median(r[0] for r in found[t]) for t in ("duckdb", "polars"))
        walls = [run(refresh) for _ in range(min(args.runs, 3))]
        median = statistics.median(r[0] for r in walls)
        print(f"\nall built-in metrics and schemes: median {median:.2f} s, peak {max(r[1] for r in walls):.2f} GiB, "
              f"{median / peers:.2f} times the faster peer's RFM job", flush=True)
        if not all(same):
            sys.exit("the outputs differ")
    finally:
        if not args.keep and args.dir is None:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
