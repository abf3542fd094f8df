#!/usr/bin/env python3
"""How costs grow with what there is.

usage: scaling.py [--rounds N] [--append] BUILD OUT

In each round every row has its turn at every size: operations while a thousand
to a million resources live, a reader's copy of them, stores of many storages,
loops on threads of their own, workers of a pool (bench_scaling); and the server
under full load while nobody, one and ten follow /debug/events. Where valgrind
is installed, instructions are counted too. Writes scaling.json, scaling.md and
a plot into OUT; --append adds rounds to those that are there.
"""

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys

import callgrind
import report
import servers

THOUSANDS = (1000, 10000, 100000, 1000000)
ROWS = {
    "life": ("one is made, entered, left and ended; so many live",
             THOUSANDS, 1000000),
    "oldest": ("the same, and the oldest of so many ends", THOUSANDS, 2000000),
    "any": ("the same, and any of so many ends", THOUSANDS, 2000000),
    "scope": ("any one of so many is entered and left", THOUSANDS, 1000000),
    "memory": ("what that touches is written, and no more done", THOUSANDS,
               1000000),
    "snapshot": ("a reader copies one of so many", THOUSANDS, 3000000),
    "store": ("a store is read; so many storages have one", (1, 10, 100),
              3000000),
    "loops": ("a life, on so many loops at once", (1, 2), 1000000),
    "workers": ("a task, with so many workers, 64 in flight", (1, 2, 4, 8, 16),
                300000),
}
COUNTED = ("life", "oldest", "any", "scope", "snapshot", "store")
FOLLOWERS = (0, 1, 10)
LIVE = 10000  # resources of the server that is followed
CPU, PASSED = "cpu_ns", "passed_ns"


def run_row(build, name, size):
    bench = os.path.join(build, "tests/bench/bench_scaling")
    said = subprocess.run([bench, name, str(size), str(ROWS[name][2])],
                          check=True, capture_output=True, text=True).stdout
    passed, cpu = map(float, said.split())
    return {PASSED: passed, CPU: cpu}


def instructions(build, name, size):
    """Of one operation: what more of them take."""
    bench = os.path.join(build, "tests/bench/bench_scaling")
    few, many = (callgrind.measured(bench, name, str(size), str(count))
                 for count in (50000, 100000))
    return (many - few) / 55000  # a tenth runs before, to fetch the memory


class FollowedServer(servers.Server):
    """Also knows where its diagnostics are, and has LIVE timers."""

    def __init__(self, build):
        super().__init__("asyncscope", [
            os.path.join(build, "bin/asyncscope"), "--listen", "127.0.0.1:0",
            "--access-log", "off", "--max-requests", "1000000000",
            "--demo-faults"])

    def start(self, cpus=None, loops=1):
        super().start(cpus, loops)
        line = self.process.stdout.readline()
        self.events = line.split()[-1] + "/debug/events"
        subprocess.run(["curl", "-sf", "-o", "/dev/null",
                        "http://127.0.0.1:%d/leak?count=%d&ms=600000" % (
                            self.port, LIVE)], check=True)
        return self


@contextlib.contextmanager
def following(url, count):
    clients = [subprocess.Popen(["curl", "-sN", url], stdout=subprocess.DEVNULL)
               for _ in range(count)]
    try:
        yield
    finally:
        for client in clients:
            client.kill()
            client.wait()


def followed(build, count):
    server = FollowedServer(build)
    server.start()
    load = os.path.join(build, "tests/bench/bench_load")
    with following(server.events, count):
        said = subprocess.run([load, "-c", "64", "-w", "1000", "-t", "2000",
                               "-p", str(server.pid), str(server.port),
                               "/hello"], check=True, capture_output=True,
                              text=True).stdout
    server.stop()
    return json.loads(said)


def one_round(build):
    return {"rows": {name: {str(size): run_row(build, name, size)
                            for size in sizes}
                     for name, (_, sizes, _) in ROWS.items()},
            "followers": {str(count): followed(build, count)
                          for count in FOLLOWERS}}


def columns(rounds, name, size, key):
    return [one["rows"][name][str(size)][key] for one in rounds]


def growth(rounds, name, key):
    """Of the largest size over the smallest, in the same round."""
    sizes = ROWS[name][1]
    return [large / small for large, small in zip(
        columns(rounds, name, sizes[-1], key),
        columns(rounds, name, sizes[0], key))]


def row_table(results, name):
    what, sizes, _ = ROWS[name]
    rounds, counts = results["rounds"], results["instructions"].get(name, {})
    lines = ["\n## %s: %s\n" % (name, what),
             "| size | ns of the processor | ns that pass | instructions |",
             "| ---: | ---: | ---: | ---: |"]
    for size in sizes:
        lines.append("| %s | %s | %s | %s |" % (
            format(size, ","), *(report.spread(columns(rounds, name, size, key))
                                 for key in (CPU, PASSED)),
            round(counts[str(size)]) if str(size) in counts else ""))
    lines.append("\nThe last over the first, of the processor: %s." %
                 report.spread(growth(rounds, name, CPU)))
    return lines


def followers_table(rounds):
    lines = ["\n## %s live resources, /debug/events is followed\n" %
             format(LIVE, ","),
             "| followers | requests/s | CPU us/request | p99 us |",
             "| ---: | ---: | ---: | ---: |"]
    for count in FOLLOWERS:
        of = [one["followers"][str(count)] for one in rounds]
        lines.append("| %d | %s |" % (count, " | ".join(
            report.spread([one[key] for one in of])
            for key in ("per_s", "cpu_us", "p99_us"))))
    return lines


def markdown(results):
    parts = ["# How costs grow\n", "Medians of %d rounds (lowest to highest)." %
             len(results["rounds"])]
    for name in ROWS:
        parts += row_table(results, name)
    return "\n".join(parts + followers_table(results["rounds"])) + "\n"


def write(out, results):
    report.write(out, "scaling", results, markdown(results))
    lines = {name: [report.median(columns(results["rounds"], name, size, CPU))
                    for size in THOUSANDS]
             for name, (_, sizes, _) in ROWS.items() if sizes == THOUSANDS}
    with open(os.path.join(out, "scaling.svg"), "w") as file:
        file.write(report.curves(THOUSANDS, lines,
                                 "ns of the processor, by what lives"))


def count_all(build):
    return {name: {str(size): instructions(build, name, size)
                   for size in ROWS[name][1]} for name in COUNTED}


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--append", action="store_true")
    parser.add_argument("build")
    parser.add_argument("out")
    arguments = parser.parse_args()
    results = {"rounds": [], "instructions": {}}
    if arguments.append:
        results = report.read(arguments.out, "scaling", results)
    if shutil.which("valgrind") and not results["instructions"]:
        results["instructions"] = count_all(arguments.build)
    for _ in range(arguments.rounds):
        results["rounds"].append(one_round(arguments.build))
        write(arguments.out, results)
    print(markdown(results), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
