#!/usr/bin/env python3
"""Times a refresh of all metrics and schemes over every kind of fact, at two sizes, and gives the ratio.

  everything.py --clientele BINARY [--customers 100000 1000000] [--dir DIR] [--keep] [--seed 7]

For N customers: 20 N orders, 50 N events, N tickets, N answers, and contacts, opportunities, ties,
permissions, memberships and costs. A tenth of the customers never ordered. Every file is brought in by
recognition alone, then one refresh of everything is timed step by step: `clientele refresh --times` says
on stderr when a step is over, and the resident set is read from /proc meanwhile. Linux only.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time

AS_OF = "2025-07-01"
TARGET = "at 1 million customers: 300 s and 8 GiB on 2 cores"
# Rows a customer.
FACTS = {"events": 50, "interactions": 2, "tickets": 1, "responses": 1, "opportunities": 0.25, "relations": 2,
         "consents": 2, "memberships": 0.5, "service-costs": 1}
ORDERS = 20


class Watched:
    """A process: wall seconds, peak memory (GiB), and both for each line on stderr that ends a step."""

    def __init__(self, command):
        self.steps, self.out, errors = [], "", []
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.peak = 0.0
        over = threading.Event()
        sampler = threading.Thread(target=self._sample, args=(process.pid, over))
        sampler.start()
        reader = threading.Thread(target=lambda: setattr(self, "out", process.stdout.read()))
        reader.start()
        for line in process.stderr:
            errors.append(line)
            name, _, rest = line.strip().partition(": ")
            seconds = rest.removesuffix(" s")
            if rest.endswith(" s") and seconds.replace(".", "", 1).isdigit():
                self.steps.append((name, float(seconds), self.peak))
                self.peak = 0.0
        reader.join()
        _, status, usage = os.wait4(process.pid, 0)
        over.set()
        sampler.join()
        self.wall = time.perf_counter() - began
        self.most = usage.ru_maxrss / 2**20
        if status != 0:
            sys.exit(f"{' '.join(command)} failed:\n{''.join(errors)}")

    def _sample(self, pid, over):
        while not over.wait(0.02):
            try:
                with open(f"/proc/{pid}/statm") as statm:
                    resident = int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**30
            except (OSError, IndexError):
                return
            self.peak = max(self.peak, resident)


def generate(binary, folder, customers, seed):
    prospects = customers // 10
    command = [binary, "generate", folder, "--customers", str(customers - prospects), "--prospects", str(prospects),
               "--profiles", "--orders", str(ORDERS * customers), "--no-lines", "--seed", str(seed), "--json"]
    for name, rows in FACTS.items():
        command += [f"--{name}", str(int(rows * customers))]
    made = Watched(command)
    document = json.loads(made.out)
    rows = document["orders"] + document["customers"] + sum(document["facts"].values())
    print(f"  generated {rows:,} rows, {document['bytes'] / 2**30:.2f} GiB of CSV, in {made.wall:.1f} s "
          f"({rows / made.wall / 1e6:.1f} million rows a second, peak {made.most:.2f} GiB)", flush=True)
    return document["files"]


def bring_in(binary, workspace, files):
    print(f"\n  {'import':24}{'s':>10}{'peak GiB':>10}{'rows a second':>16}")
    total = 0.0
    for file in files:
        done = Watched([binary, "--workspace", workspace, "import", file, "--json"])
        batch = json.loads(done.out)["batches"][0]
        report = batch["report"]
        if report["rejected"]:
            sys.exit(f"{file}: {report['rejected']} rows were refused: {report['rules']}")
        total += done.wall
        print(f"  {os.path.basename(file):24}{done.wall:10.2f}{done.most:10.2f}"
              f"{report['rows_read'] / done.wall:16,.0f}", flush=True)
    return total


def one(binary, folder, customers, seed):
    """Everything for one size; the steps of the refresh as name, seconds, GiB."""
    print(f"\n{customers:,} customers, {ORDERS * customers:,} orders, {FACTS['events'] * customers:,} events", flush=True)
    made, workspace = os.path.join(folder, f"made-{customers}"), os.path.join(folder, f"workspace-{customers}")
    for path in (made, workspace):
        shutil.rmtree(path, ignore_errors=True)
    files = generate(binary, made, customers, seed)
    Watched([binary, "init", workspace, "--currency", "GBP", "--timezone", "UTC"])
    imported = bring_in(binary, workspace, files)
    shutil.rmtree(made)
    refresh = Watched([binary, "--workspace", workspace, "--language", "en", "refresh", "--as-of", AS_OF, "--times", "--json"])
    told = json.loads(refresh.out)
    print(f"  {'total':24}{imported:10.2f}\n\n  {told['metrics']} metrics, {len(told['schemes'])} schemes\n")
    return refresh.steps + [("refresh", refresh.wall, refresh.most)]


def table(found):
    """Times and memory per step, side by side, with the ratio of the largest to the smallest size."""
    sizes = sorted(found)
    print(f"\n  {'step':16}" + "".join(f"{f'{n:,} s':>16}{'peak GiB':>10}" for n in sizes)
          + (f"{'ratio':>8}" if len(sizes) > 1 else ""))
    for i, (name, _, _) in enumerate(found[sizes[0]]):
        line = f"  {name:16}"
        for size in sizes:
            _, seconds, peak = found[size][i]
            line += f"{seconds:16.2f}{peak:10.2f}"
        first, last = found[sizes[0]][i][1], found[sizes[-1]][i][1]
        print(line + (f"{last / max(first, 0.01):8.1f}" if len(sizes) > 1 else ""))
    if len(sizes) > 1:
        print(f"\n  Linear growth is a ratio of {sizes[-1] / sizes[0]:.1f}.")
    print(f"  Target {TARGET}.", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clientele", required=True)
    parser.add_argument("--customers", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--dir", default=None, help="where the data goes; a temporary folder without it")
    parser.add_argument("--keep", action="store_true", help="leave the workspaces there")
    args = parser.parse_args()
    folder = args.dir or tempfile.mkdtemp(prefix="clientele-everything-")
    os.makedirs(folder, exist_ok=True)
    try:
        found = {}
        for customers in args.customers:
            found[customers] = one(args.clientele, folder, customers, args.seed)
            if not args.keep:
                shutil.rmtree(os.path.join(folder, f"workspace-{customers}"), ignore_errors=True)
        table(found)
    finally:
        if not args.keep and args.dir is None:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
