#!/usr/bin/env python3
"""The bounds, and what the last `scripts/bench` saw of them.

usage: summary.py BENCH OUT

Reads what the parts have left in OUT, prints a table and writes it to
summary.md there. Of ratios it has the median of those of the same round, and the
lowest and highest. Answers 1 where a bound is passed; what was not measured, as
a peer is not there, passes none."""

import json
import math
import os
import re
import subprocess
import sys

import pool
import report

TRACKED, FLOOR = "asyncscope", "floor"


class Seen:
    """What was left in `out`; each answers a list, which may be empty."""

    def __init__(self, bench, out):
        self.bench, self.out = bench, out
        self.http_rounds, self.hooks_rounds, self.scaling_rounds = (
            report.read(out, name, {"rounds": []})["rounds"]
            for name in ("http", "hooks", "scaling"))
        self.counts = report.read(out, "instructions", {})
        self.bytes = report.read(out, "footprint", {})
        self.pools = report.read(out, "pool", {"rows": {}, "nodes": {}})

    def http(self, shape, key, above, below):
        return report.ratios(self.http_rounds, shape, key, above, below)

    def lost(self, above, below):
        """Of a hundred requests a second, kept alive."""
        return [100 - 100 * ratio
                for ratio in self.http("keep-alive", "per_s", above, below)]

    def ns(self, row):
        return report.column(self.hooks_rounds, row, TRACKED, "ns")

    def growth(self, row):
        cpus = [one["rows"][row] for one in self.scaling_rounds]
        return [cpu["1000000"]["cpu_ns"] / cpu["1000"]["cpu_ns"] for cpu in cpus]

    def copied(self):
        """Millions of resources a second, of a million."""
        return [1000 / one["rows"]["snapshot"]["1000000"]["passed_ns"]
                for one in self.scaling_rounds]

    def instructions(self, shape):
        return [self.counts[shape]["all"]] if shape in self.counts else []

    def allocations(self, shape):
        return ([sum(self.counts[shape]["allocations"].values())]
                if shape in self.counts else [])

    def footprint(self, *path):
        value = self.bytes
        for name in path:
            value = value.get(name, {})
        return [value] if value != {} else []

    def resource_bytes(self):
        return [int(subprocess.run([self.bench, "bytes"], check=True,
                                   capture_output=True, text=True).stdout)]

    def pool(self, row):
        rows = self.pools["rows"]
        return ([rows[row][key] for key in ("ratio", "least", "most")]
                if row in rows else [])

    def pool_beside_node(self):
        return list(self.pools["nodes"].values())

    def streamed(self):
        path = os.path.join(self.out, "live.txt")
        text = open(path).read() if os.path.exists(path) else ""
        return [float(found) for found in re.findall(
            r"the p99 is ([\d.]+) times", text)]


def least(number):
    return "at least %g" % number, lambda value: value >= number


def most(number):
    return "at most %g" % number, lambda value: value <= number


def requests(seen):
    def rate(shape, below):
        return seen.http(shape, "per_s", TRACKED, below)

    def cpu(below):
        return seen.http("keep-alive", "cpu_us", TRACKED, below)
    yield "kept alive, requests a second / without tracking", least(0.95), \
        rate("keep-alive", FLOOR)
    yield "the same, 16 in one write", least(0.9), rate("pipelined", FLOOR)
    yield "instructions of a request", most(2500), \
        seen.instructions("keep-alive")
    yield "allocations of a request", most(0), seen.allocations("keep-alive")
    yield "processor time / bare epoll's", most(1.15), cpu("raw_epoll")
    for name in ("nginx", "h2o", "microhttpd"):
        yield "processor time / %s's" % name, most(1), cpu(name)
    for name in ("nginx", "h2o"):
        yield "16 in one write, requests a second / %s's" % name, least(6), \
            rate("pipelined", name)
    for name, times in (("node20", 3), ("node24", 2.5), ("node26", 2.2)):
        yield "requests a second / %s's with store and four hooks" % name, \
            least(times), rate("keep-alive", name + "-hooks")
    yield "what tracking takes of the throughput, %", most(5), \
        seen.lost(TRACKED, FLOOR)
    for name in ("node20", "node24", "node26"):
        yield "what it takes in %s, %%" % name, None, \
            seen.lost(name + "-hooks", name + "-plain")


def operations(seen):
    yield "`get_store`, 1 storage, ns", most(2), seen.ns("get-store 0 1")
    yield "the same, the outermost of 100, ns", most(2), \
        seen.ns("get-store-outermost 0 100")
    yield "`run`, 1 storage, ns", most(15), seen.ns("run 0 1")
    yield "the same, 100 storages, ns", most(40), seen.ns("run 0 100")
    yield "a life, one hook, without times and recorder, ns", most(40), \
        seen.ns("life-bare 1 0")
    yield "the same with them, ns", most(70), seen.ns("life 1 0")


def memory(seen):
    yield "bytes of a live resource", most(128), seen.resource_bytes()
    yield "resident bytes of an idle connection", most(768), \
        seen.footprint("idle_bytes", TRACKED)
    yield "start to the first answer, ms", most(15), seen.footprint("start_ms")
    yield "resident at idle, MB", most(6), \
        [size / 1e6 for size in seen.footprint("resident_bytes")]


def sizes(seen):
    yield "pool, 64 in flight / libuv's", least(1), seen.pool(pool.IN_FLIGHT)
    yield "the same / that of Node's documents", least(pool.NODE_TIMES), \
        seen.pool_beside_node()
    for row, what in (("life", "a life beside"), ("oldest", "the oldest ends of"),
                      ("any", "any one ends of")):
        yield "%s a million / a thousand" % what, most(1.3), seen.growth(row)
    yield "resources copied, millions a second", least(5), seen.copied()
    yield "p99 while a million are streamed / without", most(2), seen.streamed()


def text_of(values):
    if not values:
        return "not measured"
    if len(values) == 1:
        return "%.4g" % values[0]
    return "%.4g (%.4g to %.4g)" % (report.median(values), min(values),
                                    max(values))


def line(what, bound, values):
    said, holds = bound or ("", lambda value: True)
    value = report.median(values)
    held = math.isnan(value) or holds(value)
    return "| %s | %s | %s | %s |" % (what, said, text_of(values),
                                      "" if held else "missed"), held


def main():
    seen = Seen(*sys.argv[1:])
    lines = [line(*row) for part in (requests, operations, memory, sizes)
             for row in part(seen)]
    text = "\n".join(["| measure | bound | seen | |", "| --- | --- | --- | --- |",
                      *(said for said, _ in lines), ""])
    print(text, end="")
    with open(os.path.join(seen.out, "summary.md"), "w") as file:
        file.write(text)
    return 0 if all(held for _, held in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
