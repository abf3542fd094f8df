#!/usr/bin/env python3
"""Tasks per second of the pool: beside libuv's (bench_pool), and with 64 in
flight beside the pool of Node's documents.

usage: pool.py BENCH DEPS OUT

Writes pool.json into OUT. Answers 1 where bench_pool does, or where ours is less
than 20 times as fast as Node's."""

import json
import os
import re
import subprocess
import sys

import report
import servers

ROW = re.compile(r"(.{13}) +(\d+) +(\d+) +([\d.]+) +([\d.]+) to ([\d.]+) ")
IN_FLIGHT = "64 in flight"
PEER = os.path.join(servers.HERE, "peer_tasks.js")
ROUNDS, MS = 3, 1000
NODE_TIMES = 20


def beside_libuv(bench, rows):
    """What `bench` answers; what it prints goes on, and into `rows`."""
    process = subprocess.Popen([bench], stdout=subprocess.PIPE, text=True,
                               env={**os.environ, "UV_THREADPOOL_SIZE": "4"})
    for line in process.stdout:
        print(line, end="", flush=True)
        found = ROW.match(line)
        if found:
            rows[found[1].strip()] = {
                "per_s": int(found[2]), "uv_per_s": int(found[3]),
                "ratio": float(found[4]), "least": float(found[5]),
                "most": float(found[6])}
    return process.wait()


def node_rate(node):
    said = [subprocess.run([node, PEER, "4", "64", str(MS)], check=True,
                           capture_output=True, text=True).stdout
            for _ in range(ROUNDS)]
    return report.median([float(rate) for rate in said])


def beside_node(deps, ours):
    """How many times as fast we are, by name."""
    times = {}
    for name, version in servers.NODES.items():
        node = servers.node_of(version, deps)
        if node:
            rate = node_rate(node)
            times[name] = ours / rate
            print("64 in flight, the pool of the documents of %s: %.0f, "
                  "%.0f times as many here" % (name, rate, times[name]))
    return times


def main():
    bench, deps, out = sys.argv[1:]
    results = {"rows": {}, "nodes": {}}
    status = beside_libuv(bench, results["rows"])
    if IN_FLIGHT in results["rows"]:
        results["nodes"] = beside_node(
            deps, results["rows"][IN_FLIGHT]["per_s"])
    with open(os.path.join(out, "pool.json"), "w") as file:
        json.dump(results, file, indent=1)
    slow = any(times < NODE_TIMES for times in results["nodes"].values())
    return status or int(slow)


if __name__ == "__main__":
    sys.exit(main())
