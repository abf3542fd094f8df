#!/usr/bin/env python3
"""User instructions of one request, by room, counted by callgrind.

usage: instructions.py [--functions N] [--json FILE] [--max SHAPE=N]...
                       SERVER LOAD [ARGUMENT...]

SERVER is started under callgrind with ARGUMENTs and asked by LOAD (bench_load)
for /hello, in three shapes:

  keep-alive  64 connections, one request each at a turn of the loop
  single      one connection: a turn of the loop for each request
  pipelined   one connection, 16 requests in one read

No request has the head of the one before, as it would not where clients differ.
Each shape is run twice, one longer than the other by a known number of
requests: only the difference counts, so the beginning and the end do not.
With --max the answer is TAP, and the exit status 1 when a shape costs more, or
when a request takes memory from malloc() or one of its kind.
"""

import argparse
import collections
import json
import os
import re
import subprocess
import sys
import tempfile

import callgrind

SHAPES = {"keep-alive": (64, 1), "single": (1, 1), "pipelined": (1, 16)}
WARM, MORE = 256, 1024  # requests
ALLOCATORS = ("malloc", "calloc", "realloc", "posix_memalign", "memalign",
              "aligned_alloc", "mmap")


def start(server, arguments, out):
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=" + out,
               server, "--listen", "127.0.0.1:0", "--debug-listen", "off",
               "--access-log", "off", "--max-requests", "1000000", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True)
    for line in process.stdout:
        found = re.search(r"listening on http://127\.0\.0\.1:(\d+)", line)
        if found:
            return process, found.group(1)
    sys.exit("%s does not start under valgrind" % server)


def count(arguments, shape, requests):
    connections, depth = SHAPES[shape]
    batches = requests // (connections * depth)
    with tempfile.TemporaryDirectory() as directory:
        out = os.path.join(directory, "out")
        process, port = start(arguments.server, arguments.argument, out)
        subprocess.run([arguments.load, "-c", str(connections), "-d",
                        str(depth), "-n", str(batches), "-p", str(process.pid),
                        "-l", "-v", port, "/hello"],
                       check=True, stdout=subprocess.DEVNULL, timeout=300)
        process.terminate()
        if process.wait(timeout=60) != 0:
            sys.exit("%s did not end well" % arguments.server)
        return callgrind.read(out)


def measure(arguments, shape):
    """Of one request: instructions, and calls of allocators by name."""
    cost, calls = count(arguments, shape, WARM + MORE)
    warm_cost, warm_calls = count(arguments, shape, WARM)
    cost.subtract(warm_cost)
    if calls["malloc"] == 0:
        sys.exit("callgrind saw no call of malloc(): nothing could be counted")
    return ({key: value / MORE for key, value in cost.items() if value != 0},
            {name: (calls[name] - warm_calls[name]) / MORE
             for name in ALLOCATORS if calls[name] != warm_calls[name]})


def by_room(cost):
    rooms = collections.Counter()
    for (room, _), value in cost.items():
        rooms[room] += value
    return {room: round(value) for room, value in rooms.most_common()}


def print_table(results):
    rooms = sorted({room for cost in results.values() for room in by_room(cost)},
                   key=lambda room: -by_room(results["keep-alive"]).get(room, 0))
    print("| instructions of a request | %s |" % " | ".join(results))
    print("| --- |%s" % (" ---: |" * len(results)))
    for room in rooms:
        print("| %s | %s |" % (room, " | ".join(
            str(by_room(cost).get(room, 0)) for cost in results.values())))
    print("| **all** | %s |" % " | ".join(
        "**%d**" % round(sum(cost.values())) for cost in results.values()))


def print_functions(results, number):
    for shape, cost in results.items():
        print("\n%s:" % shape)
        for (room, function), value in sorted(
                cost.items(), key=lambda item: -item[1])[:number]:
            print("%8.1f  %-10s %s" % (value, room, function))


def judge(results, allocations, limits):
    """Two lines of TAP for each limit."""
    checks = []
    for shape, _, most in (limit.partition("=") for limit in limits):
        cost = round(sum(results[shape].values()))
        checks.append((cost <= int(most), "a %s request takes %d instructions, "
                       "at most %s" % (shape, cost, most),
                       by_room(results[shape])))
        checks.append((not allocations[shape],
                       "a %s request allocates nothing" % shape,
                       allocations[shape]))
    print("1..%d" % len(checks))
    for number, (well, what, why) in enumerate(checks, 1):
        print("%s %d - %s\n# %s" % ("ok" if well else "not ok", number, what,
                                    why))
    return 0 if all(well for well, _, _ in checks) else 1


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--functions", type=int, default=0)
    parser.add_argument("--json")
    parser.add_argument("--max", action="append", default=[])
    parser.add_argument("server")
    parser.add_argument("load")
    parser.add_argument("argument", nargs="*")
    arguments = parser.parse_intermixed_args()
    shapes = [limit.partition("=")[0] for limit in arguments.max] or SHAPES
    measured = {shape: measure(arguments, shape) for shape in shapes}
    results = {shape: cost for shape, (cost, _) in measured.items()}
    allocations = {shape: calls for shape, (_, calls) in measured.items()}
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump({shape: {"rooms": by_room(cost),
                               "all": round(sum(cost.values())),
                               "allocations": allocations[shape]}
                       for shape, cost in results.items()}, file, indent=2)
    if arguments.max:
        return judge(results, allocations, arguments.max)
    print_table(results)
    print("\nallocations of a request: %s" % allocations)
    print_functions(results, arguments.functions)
    return 0


if __name__ == "__main__":
    sys.exit(main())
