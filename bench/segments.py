#!/usr/bin/env python3
"""Counts whom 50 generated rules describe, as an editor does while one types, and compares with DuckDB.

  segments.py --clientele BINARY [--workspace DIR | --customers 1000000 --orders 20000000] [--rules 50] [--seed 7]

Without --workspace one is made of synthetic orders and refreshed. The run is opened once; each rule is
then counted as it comes. The first rule that reads a column waits until it is fetched, and that counts.
Every count is checked against SQL of its own over the exported metrics and labels.
"""
import argparse
import json
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile

import duckdb

AS_OF = "2025-07-01"
NUMBERS = ("BIGINT", "DOUBLE", "DECIMAL(18,4)")


def run(binary, workspace, *args):
    done = subprocess.run([binary, "--workspace", workspace, *args], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(args)} failed:\n{done.stderr}")
    return done.stdout


def make(binary, folder, customers, orders):
    """A refreshed workspace of synthetic orders."""
    made, workspace = str(folder / "made"), str(folder / "shop")
    run(binary, folder, "generate", made, "--customers", str(customers), "--orders", str(orders),
        "--format", "parquet", "--no-lines")
    run(binary, folder, "init", workspace, "--currency", "GBP")
    for name in ("customers", "orders"):
        for file in sorted(pathlib.Path(made).glob(f"{name}*.parquet")):
            run(binary, workspace, "import", str(file))
    run(binary, workspace, "refresh", "--as-of", AS_OF)
    return workspace


class Rules:
    """Draws conditions as rule text and, beside it, as SQL that says the same in other words."""

    def __init__(self, database, seed):
        self.database, self.dice = database, random.Random(seed)
        columns = lambda t: {c: k for c, k in database.execute(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = ?", [t]).fetchall()}
        beside = ("__code", "__since", "__previous", "__computed", "__pending", "__by")
        self.numbers = [c for c, k in columns("metrics").items() if k in NUMBERS]
        self.tiers = [c for c in columns("labels")
                      if c not in ("customer_id", "source") and not c.endswith(beside)]

    def number(self):
        column = self.dice.choice(self.numbers)
        at = self.dice.choice((0.05, 0.25, 0.5, 0.75, 0.95))
        value = self.database.execute(f'SELECT quantile_disc("{column}", {at}) FROM metrics').fetchone()[0]
        value = round(float(value or 0), 3)
        sign = self.dice.choice(("<", "<=", ">", ">="))
        known = f'm."{column}" IS NOT NULL AND'
        return f"{column} {sign} {value:.3f}", f"({known} CAST(m.\"{column}\" AS DOUBLE) {sign} {value:.3f})"

    def between(self):
        column = self.dice.choice(self.numbers)
        low, high = self.database.execute(
            f'SELECT quantile_disc("{column}", 0.2), quantile_disc("{column}", 0.6) FROM metrics').fetchone()
        low, high = sorted((round(float(low or 0), 3), round(float(high or 0), 3)))
        value = f'CAST(m."{column}" AS DOUBLE)'
        return (f"{column} between {low:.3f} and {high:.3f}",
                f"coalesce({value} >= {low:.3f} AND {value} <= {high:.3f}, false)")

    def tier(self):
        column = self.dice.choice(self.tiers)
        known = [t for t, in self.database.execute(f'SELECT DISTINCT "{column}" FROM labels').fetchall() if t]
        some = self.dice.sample(sorted(known), min(len(known), self.dice.choice((1, 2))))
        # Plain, the names of some schemes mean the field of the profile.
        among = f"in ({', '.join(repr(t) for t in some)})" if len(some) > 1 else f"= {some[0]!r}"
        text = f"tier.{column} {among}"
        return text, f'coalesce(list_contains({some!r}, l."{column}"), false)'

    def condition(self):
        text, sql = self.dice.choice((self.number, self.number, self.tier, self.tier, self.between))()
        if self.dice.random() < 0.15:
            return f"not {text}", f"NOT {sql}"
        return text, sql

    def rule(self):
        groups = []
        for _ in range(self.dice.choice((1, 1, 2))):
            parts = [self.condition() for _ in range(self.dice.choice((1, 2, 3)))]
            groups.append([f"({' and '.join(p[i] for p in parts)})" for i in (0, 1)])
        return tuple(" or ".join(group[i] for group in groups) for i in (0, 1))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clientele", required=True)
    parser.add_argument("--workspace")
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--orders", type=int, default=20_000_000)
    parser.add_argument("--rules", type=int, default=50)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--dir", help="where to work [default: a passing folder]")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=args.dir) as passing:
        folder = pathlib.Path(passing)
        workspace = args.workspace or make(args.clientele, folder, args.customers, args.orders)
        database = duckdb.connect()
        for table in ("metrics", "labels"):
            file = folder / f"{table}.parquet"
            run(args.clientele, workspace, "export", table, "--to", str(file))
            database.execute(f"CREATE TABLE {table} AS SELECT * FROM read_parquet('{file}')")
        rules = Rules(database, args.seed)
        drawn = [rules.rule() for _ in range(args.rules)]
        (folder / "rules.txt").write_text("\n".join(text for text, _ in drawn), encoding="utf-8")
        out = json.loads(run(args.clientele, workspace, "segments", "count", "--rules",
                             str(folder / "rules.txt"), "--json"))
        wrong = 0
        for (text, sql), found in zip(drawn, out["counts"], strict=True):
            expected = database.execute("SELECT count(*) FROM metrics m JOIN labels l "
                                        f"USING (source, customer_id) WHERE {sql}").fetchone()[0]
            if expected != found["customers"]:
                wrong += 1
                print(f"{found['customers']} instead of {expected}: {text}")
        times = [found["milliseconds"] for found in out["counts"]]
        customers = database.execute("SELECT count(*) FROM metrics").fetchone()[0]
        print(f"{len(times)} rules over {customers:,} customers: median {statistics.median(times):.0f} ms, "
              f"max {max(times):.0f} ms; {wrong} counts differ from DuckDB's")
        sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
