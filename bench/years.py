#!/usr/bin/env python3
"""Lives through years of a shop, an import and a refresh a day, and compares the end with the same facts at once.

  years.py --clientele BINARY [--customers 100000] [--orders 2000000] [--days 365] [--dir DIR] [--keep] [--seed 7]
           [--runs "2 days, then one a year"] [--undo "90 days"] [--vacuum-every 7] [--schemes rfm-11,abc]

The orders of a generated shop are dealt out by their time into as many files as there are days, the customers come
with the first. Each day is a day by the program's clock (CLIENTELE_NOW): an import of its file and a refresh as of its
morning; every so many days, and after the last, a vacuum with no grace (nobody else reads). Then the same files are
brought into a second workspace at once, as one file, and refreshed once. Times are those of whole processes, medians
of several where a ratio hangs on them. Linux only.
"""
import argparse
import datetime
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

CURRENCY = "GBP"
TARGETS = {
    "last refresh / the same facts at once": 1.25,
    "a day's import, last / first": 2.0,
    "opening a run, seconds": 0.1,
    "place / the same facts at once": 3.0,
}
FIRST = datetime.date(2026, 1, 1)


def run(binary, workspace, *args, now=None):
    """Wall seconds and what was printed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CLIENTELE_")}
    if now:
        environment["CLIENTELE_NOW"] = now
    command = [binary, "--workspace", workspace, *args]
    began = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    wall = time.perf_counter() - began
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr}")
    return wall, done.stdout


def place(folder):
    """Bytes and files below a folder."""
    size = files = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            size += os.stat(os.path.join(parent, name)).st_size
            files += 1
    return size, files


def deal(generated, folder, days):
    """One file of orders a day: equal parts in the order of time. Gives the files, each with its last day."""
    with open(os.path.join(generated, "orders.csv"), encoding="utf-8") as orders:
        header = next(orders)
        rows = orders.readlines()
    at = header.rstrip("\n").split(",").index("ordered_at")
    rows.sort(key=lambda row: row.split(",")[at])
    files = []
    for day in range(days):
        part = rows[len(rows) * day // days : len(rows) * (day + 1) // days]
        name = os.path.join(folder, f"orders-{day:04}.csv")
        with open(name, "w", encoding="utf-8") as out:
            out.write(header)
            out.writelines(part)
        files.append((name, part[-1].split(",")[at][:10]))
    return files


def make(binary, workspace, runs, undo):
    subprocess.run([binary, "init", workspace, "--currency", CURRENCY], check=True, capture_output=True)
    with open(os.path.join(workspace, "clientele.toml"), "a", encoding="utf-8") as settings:
        settings.write(f'\n[keep]\nruns = "{runs}"\nundo = "{undo}"\n')


def day_after(day):
    return (datetime.date.fromisoformat(day) + datetime.timedelta(days=1)).isoformat()


def live(binary, workspace, customers, files, every, schemes):
    """One day after the other; gives a row for each."""
    rows = []
    clock = FIRST
    run(binary, workspace, "import", customers, now=f"{clock}T05:00:00Z")
    for number, (name, last) in enumerate(files):
        clock = FIRST + datetime.timedelta(days=number)
        at = lambda hour: f"{clock}T{hour:02}:00:00Z"
        imported, _ = run(binary, workspace, "import", name, now=at(6))
        refreshed, _ = run(binary, workspace, "refresh", "--as-of", day_after(last), *schemes, now=at(7))
        vacuumed = None
        if number % every == every - 1 or number == len(files) - 1:
            vacuumed, _ = run(binary, workspace, "vacuum", "--grace", "0s", "--json", now=at(8))
        size, count = place(os.path.join(workspace, "lake"))
        rows.append((number + 1, imported, refreshed, vacuumed, size, count))
        if number % max(1, len(files) // 12) == 0 or number == len(files) - 1:
            clear = "" if vacuumed is None else f"{vacuumed:8.2f}"
            print(f"{number + 1:5} {imported:9.2f} {refreshed:9.2f} {clear:>8} {size / 2**20:9.1f} {count:8,}", flush=True)
    return rows


def median_of(times, work):
    return statistics.median(work() for _ in range(times))


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--clientele", required=True)
    options.add_argument("--customers", type=int, default=100_000)
    options.add_argument("--orders", type=int, default=2_000_000)
    options.add_argument("--days", type=int, default=365)
    options.add_argument("--runs", default="2 days, then one a year")
    options.add_argument("--undo", default="90 days")
    options.add_argument("--vacuum-every", type=int, default=7)
    options.add_argument("--schemes", help="refresh these only, for a short trial")
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--dir")
    options.add_argument("--keep", action="store_true")
    given = options.parse_args()
    binary = os.path.abspath(given.clientele)
    folder = given.dir or tempfile.mkdtemp(prefix="years-")
    os.makedirs(folder, exist_ok=True)
    try:
        years(binary, folder, given)
    finally:
        if not given.keep:
            shutil.rmtree(folder, ignore_errors=True)


def years(binary, folder, given):
    generated = os.path.join(folder, "generated")
    subprocess.run([binary, "generate", generated, "--customers", str(given.customers), "--orders", str(given.orders),
                    "--no-lines", "--seed", str(given.seed)], check=True, capture_output=True)
    customers = os.path.join(generated, "customers.csv")
    files = deal(generated, folder, given.days)
    print(f"{given.customers:,} customers, {given.orders:,} orders in {given.days} days; "
          f"keep: {given.runs}; undo: {given.undo}")
    print(f"{'day':>5} {'import s':>9} {'refresh s':>9} {'vacuum s':>8} {'MiB':>9} {'files':>8}", flush=True)
    daily = os.path.join(folder, "daily")
    make(binary, daily, given.runs, given.undo)
    schemes = ["--schemes", given.schemes] if given.schemes else []
    rows = live(binary, daily, customers, files, given.vacuum_every, schemes)

    at_once = os.path.join(folder, "at-once")
    make(binary, at_once, given.runs, given.undo)
    whole = os.path.join(generated, "orders.csv")
    run(binary, at_once, "import", customers)
    run(binary, at_once, "import", whole)
    as_of = day_after(files[-1][1])
    run(binary, at_once, "refresh", "--as-of", as_of, *schemes)
    small, _ = place(os.path.join(at_once, "lake"))
    large, _ = rows[-1][4], rows[-1][5]
    runs = len(json.loads(run(binary, daily, "vacuum", "--dry-run", "--json",
                              now=f"{FIRST + datetime.timedelta(days=given.days - 1)}T09:00:00Z")[1])["kept"])
    # Side by side, one after the other, so that both see the same machine. Each refresh makes a run more.
    later, sooner = [], []
    for _ in range(5):
        sooner.append(run(binary, at_once, "refresh", "--as-of", as_of, *schemes)[0])
        later.append(run(binary, daily, "refresh", "--as-of", as_of, *schemes)[0])
    edge = min(5, given.days // 3 or 1)
    first = statistics.median(row[1] for row in rows[:edge])
    last = statistics.median(row[1] for row in rows[-edge:])
    # What a process needs before it can ask: `--version` starts and reads nothing.
    nothing = median_of(9, lambda: run(binary, daily, "--version")[0])
    opened = median_of(9, lambda: run(binary, daily, "tiers", "rfm-11")[0]) - nothing
    ratios = {
        "last refresh / the same facts at once": statistics.median(later) / statistics.median(sooner),
        "a day's import, last / first": last / first,
        "opening a run, seconds": opened,
        "place / the same facts at once": large / small,
    }
    print(f"\nrefresh: {statistics.median(later):.2f} s against {statistics.median(sooner):.2f} s at once; "
          f"import of a day: {first:.3f} s first, {last:.3f} s last; "
          f"place: {large / 2**20:.1f} MiB with {runs} runs against {small / 2**20:.1f} MiB with one")
    for name, value in ratios.items():
        print(f"{name:40} {value:7.3f}  at most {TARGETS[name]:g}  {'met' if value <= TARGETS[name] else 'NOT MET'}")


if __name__ == "__main__":
    main()
