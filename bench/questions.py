#!/usr/bin/env python3
"""Times questions about a run, warm, with 1 and with 16 askers: p50, p99 and peak memory.

  questions.py --clientele BINARY [--workspace DIR | --customers 1000000 --orders 20000000] [--runs 100]
               [--seconds 20] [--askers 1 16] [--seed 7]

One `clientele ask` is kept running and asked over its stdin; each asker waits for the answer before it asks again. Each
kind of question is asked by itself first, over and over, then all kinds mixed. Times are those that an asker waits; the
resident set is read from /proc. Without --workspace one is made of synthetic orders: one run of everything, and cheap
ones of a single scheme before it up to --runs. The report is timed as a command. Linux only.
"""
import argparse
import datetime
import json
import os
import pathlib
import queue
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time

AS_OF = datetime.date(2025, 7, 1)
MIB = 2**20
# What each kind may take at 1 million customers: milliseconds, and MiB where that is bounded too.
TARGETS = {"opening": (20, None), "tiers of one": (50, None), "tiers of all": (1000, None), "page of a tier": (100, None),
           "receipt": (100, None), "all receipts": (500, None), "cross-table": (200, None), "drivers": (1500, None),
           "demand": (1000, None), "persona": (2000, 1024), "report": (10000, 1536)}


def run(binary, workspace, *args):
    done = subprocess.run([binary, "--workspace", str(workspace), *args], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(args)} failed:\n{done.stderr}")
    return done.stdout


def make(binary, folder, customers, orders, runs):
    """A workspace of synthetic orders with so many runs, the last one of everything."""
    made, workspace = str(folder / "made"), folder / "shop"
    run(binary, folder, "generate", made, "--customers", str(customers), "--orders", str(orders), "--format", "parquet",
        "--no-lines", "--profiles")
    run(binary, folder, "init", str(workspace), "--currency", "GBP", "--timezone", "UTC")
    for name in ("customers", "orders"):
        for file in sorted(pathlib.Path(made).glob(f"{name}*.parquet")):
            run(binary, workspace, "import", str(file))
    for before in range(runs - 1, 0, -1):
        run(binary, workspace, "refresh", "--as-of", str(AS_OF - datetime.timedelta(days=before)), "--schemes", "abc")
    run(binary, workspace, "refresh", "--as-of", str(AS_OF))
    return workspace


class Asked:
    """A `clientele ask` that is kept running."""

    def __init__(self, binary, workspace, askers):
        command = [binary, "--workspace", str(workspace), "ask", "--at-once", str(askers)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.waiting, self.lock, self.next = {}, threading.Lock(), 0
        self.peak, self.over = 0, threading.Event()
        threading.Thread(target=self._read, daemon=True).start()
        threading.Thread(target=self._sample, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            answer = json.loads(line)
            with self.lock:
                self.waiting.pop(answer["id"]).put(answer)

    def _sample(self):
        while not self.over.wait(0.01):
            with open(f"/proc/{self.process.pid}/statm") as statm:
                self.peak = max(self.peak, int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE"))

    def ask(self, words):
        """The answer, and how many milliseconds it took to come."""
        mine = queue.Queue()
        began = time.perf_counter()
        with self.lock:
            self.next += 1
            self.waiting[self.next] = mine
            self.process.stdin.write(json.dumps({"id": self.next, "ask": words}) + "\n")
            self.process.stdin.flush()
        answer = mine.get()
        if "error" in answer:
            sys.exit(f"{' '.join(words)} failed: {answer['error']}")
        return answer["answer"], (time.perf_counter() - began) * 1000

    def end(self):
        self.over.set()
        self.process.stdin.close()
        self.process.wait()


def kinds(asked, dice):
    """What is asked, by kind: each a function that draws a question."""
    schemes = [s["scheme"] for s in asked.ask(["tiers"])[0]["schemes"]]
    ids = [c["customer_id"] for c in asked.ask(["customers", "--tier", "abc=a", "--limit", "500"])[0]["customers"]]
    crossed = [["abc", "lifecycle"], ["rfm-11", "abc"], ["frequency", "lifecycle"], ["monetary", "recency_days"]]
    return {
        "opening": lambda: [],
        "tiers of one": lambda: ["tiers", dice.choice(schemes)],
        "tiers of all": lambda: ["tiers"],
        "page of a tier": lambda: ["customers", "--tier", dice.choice(["abc=a", "abc=b", "abc=c"]), "--limit", "50"],
        "receipt": lambda: ["explain", dice.choice(ids), "--scheme", dice.choice(["abc", "rfm-11", "lifecycle"])],
        "all receipts": lambda: ["explain", dice.choice(ids)],
        "cross-table": lambda: ["crosstab", *dice.choice(crossed)],
        "drivers": lambda: ["drivers", dice.choice(["repeat", "spend"])],
        "demand": lambda: ["demand", dice.choice(["abc", "lifecycle"])],
        "persona": lambda: ["persona", dice.choice(["abc=a", "abc=b", "lifecycle=churned"])],
    }


def timed(asked, draw, askers, seconds):
    """What askers waited, in milliseconds, over some seconds."""
    took, until = [], time.perf_counter() + seconds

    def one():
        while True:
            took.append(asked.ask(draw())[1])
            if time.perf_counter() > until:
                return

    threads = [threading.Thread(target=one) for _ in range(askers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(took)


def line(name, askers, took, peak):
    at = lambda share: took[min(len(took) - 1, int(share * len(took)))]
    target, most = TARGETS.get(name, (None, None))
    told = "" if target is None else f"{target:>10,}" + (f" ms, {most:,} MiB" if most else " ms")
    print(f"  {name:18}{askers:>7}{len(took):>8}{statistics.median(took):>11.1f}{at(0.99):>11.1f}{peak / MIB:>11.0f}{told}",
          flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clientele", required=True)
    parser.add_argument("--workspace", type=pathlib.Path)
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--orders", type=int, default=20_000_000)
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--askers", type=int, nargs="+", default=[1, 16])
    parser.add_argument("--only", nargs="+", help="kinds of questions")
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="clientele-questions-") as folder:
        folder = pathlib.Path(folder)
        workspace = args.workspace or make(args.clientele, folder, args.customers, args.orders, args.runs)
        print(f"\n  {'question':18}{'askers':>7}{'asked':>8}{'p50 ms':>11}{'p99 ms':>11}{'peak MiB':>11}{'target':>10}")
        for askers in args.askers:
            dice = random.Random(args.seed)
            first = Asked(args.clientele, workspace, askers)
            asked = {name: draw for name, draw in kinds(first, dice).items() if not args.only or name in args.only}
            first.end()
            for name, draw in asked.items():
                # A process of its own, so that the peak is this question's.
                alone = Asked(args.clientele, workspace, askers)
                for _ in range(3):
                    alone.ask(draw())
                took = timed(alone, draw, askers, args.seconds)
                line(name, askers, took, alone.peak)
                alone.end()
            if len(asked) > 1:
                mixed = Asked(args.clientele, workspace, askers)
                draws = list(asked.values())
                took = timed(mixed, lambda: dice.choice(draws)(), askers, args.seconds)
                line("all mixed", askers, took, mixed.peak)
                mixed.end()
        if not args.only or "report" in args.only:
            page, took = folder / "report.html", []
            began = time.perf_counter()
            process = subprocess.Popen([args.clientele, "--workspace", str(workspace), "report", "--out", str(page)],
                                       stdout=subprocess.DEVNULL)
            _, status, usage = os.wait4(process.pid, 0)
            if status != 0:
                sys.exit("the report failed")
            line("report", 1, [(time.perf_counter() - began) * 1000], usage.ru_maxrss * 1024)


main()
