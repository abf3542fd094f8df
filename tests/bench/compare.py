#!/usr/bin/env python3
"""The server beside others: requests per second, and processor time of each.

usage: compare.py [--rounds N] [--ms N] [--append] [--shape NAME,...]
                  [--only SERVER,...] BUILD DEPS OUT

In each round every server has its turn at every shape that it can answer,
alone, on one core for each of its loops, asked by bench_load on the last core.
An answer that is not 200 ends it all. What other programs and the hypervisor
took meanwhile is measured as well; a turn that was disturbed is repeated, twice
at most. Writes http.json, http.md and plots into OUT; --append adds rounds to
those that are there. Shapes:

  keep-alive   /hello, 64 connections, one request at a time
  pipelined    the same with 16 requests in one write
  many         the same as the first with 1,000 connections
  two-loops    the same as the first, the server with two loops: where there are
               two cores the client has no core of its own
  timer-file   a timer of 10 ms, a file that is read, JSON: the handler of
               Node's benchmark async-resource-vs-destroy, with its 500
               connections, so that it is not the timer that is measured. The
               server's route asks its pool for a sum besides, Node's does not
  flow         the same, and Node has its pool of threads for the sum too
  sum          a sum in a pool of four threads: the floor's is libuv's, Node's
               that of its documents
"""

import argparse
import collections
import json
import os
import resource
import shutil
import subprocess
import sys
import time

import report
import servers

Shape = collections.namedtuple("Shape", "path connections depth loops",
                               defaults=(64, 1, 1))
SHAPES = {
    "keep-alive": Shape("/hello"),
    "pipelined": Shape("/hello", depth=16),
    "many": Shape("/hello", connections=1000),
    "two-loops": Shape("/hello", loops=2),
    "timer-file": Shape("/flow?ms=10&path=peer.js", connections=500),
    "flow": Shape("/flow?ms=10&path=peer.js&a=42&b=100", connections=500),
    "sum": Shape("/sum?a=42&b=100"),
}
FOREIGN_MAX, STOLEN_MAX = 0.04, 0.03  # of a core
TICK = os.sysconf("SC_CLK_TCK")


def machine():
    """Seconds of all cores: busy, and stolen by the hypervisor."""
    fields = [int(text) for text in open("/proc/stat").readline().split()[1:]]
    user, nice, system, _, _, irq, softirq, steal = fields[:8]
    return (user + nice + system + irq + softirq) / TICK, steal / TICK


def children_s():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def process_s(pid):
    fields = open("/proc/%d/stat" % pid).read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def can_answer(server, shape):
    return (shape.path.partition("?")[0] in server.routes and
            (shape.loops == 1 or server.ours))


def turn(server, load, shape, ms):
    cores = sorted(os.sched_getaffinity(0))
    server.start(cores[:shape.loops], shape.loops)
    command = [load, "-c", str(shape.connections), "-d", str(shape.depth),
               "-w", str(server.warm_ms), "-t", str(ms), "-p", str(server.pid),
               str(server.port), shape.path]
    busy, stolen = machine()
    own = children_s() + process_s(server.pid)
    began = time.monotonic()
    said = subprocess.run(
        command, capture_output=True, text=True, timeout=60,
        preexec_fn=lambda: os.sched_setaffinity(0, {cores[-1]}))
    seconds = time.monotonic() - began
    own = children_s() + process_s(server.pid) - own
    busy, stolen = (now - then for now, then in zip(machine(), (busy, stolen)))
    server.stop()
    if said.returncode != 0:
        sys.exit("%s, %s: %s" % (server.name, shape.path, said.stderr))
    result = json.loads(said.stdout)
    result["disturbed"] = (
        (busy - own) / seconds > FOREIGN_MAX + 2 / TICK or
        stolen / seconds > STOLEN_MAX + 2 / TICK)
    return result


def undisturbed_turn(server, load, shape, ms, results):
    for _ in range(3):
        result = turn(server, load, shape, ms)
        if not result["disturbed"]:
            return result
        results["repeated"] += 1
    results["disturbed"] += 1
    return result


def measure(arguments, shapes, results):
    known, directory = servers.all_servers(arguments.build, arguments.deps)
    load = os.path.join(arguments.build, "tests/bench/bench_load")
    if arguments.only:
        only = arguments.only.split(",")
        known = [server for server in known if server.name in only]
    for _ in range(arguments.rounds):
        one = {}
        for name in shapes:
            one[name] = {
                server.name: undisturbed_turn(server, load, SHAPES[name],
                                              arguments.ms, results)
                for server in known if can_answer(server, SHAPES[name])}
        results["rounds"].append(one)
        write(arguments.out, results)
    shutil.rmtree(directory)


def write(out, results):
    report.write(out, "http", results, report.markdown(results))
    for shape in report.shapes_of(results):
        for key, title in (("per_s", "requests per second"),
                           ("cpu_us", "CPU us per request")):
            name = "http-%s-%s.svg" % (shape, key)
            with open(os.path.join(out, name), "w") as file:
                file.write(report.plot(results["rounds"], shape, key,
                                       "%s: %s" % (shape, title)))


def chosen(names):
    """The shapes that are named, all where none is."""
    shapes = names.split(",") if names else list(SHAPES)
    for name in shapes:
        if name not in SHAPES:
            sys.exit("%s: no such shape; there are %s" % (name,
                                                          ", ".join(SHAPES)))
    return shapes


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--ms", type=int, default=600)
    parser.add_argument("--append", action="store_true")
    parser.add_argument("--shape")
    parser.add_argument("--only")
    parser.add_argument("build")
    parser.add_argument("deps")
    parser.add_argument("out")
    arguments = parser.parse_args()
    shapes = chosen(arguments.shape)
    servers.raise_descriptors()
    results = {"repeated": 0, "disturbed": 0, "rounds": []}
    if arguments.append:
        results = report.read(arguments.out, "http", results)
    results["shapes"] = {name: SHAPES[name]._asdict() for name in SHAPES}
    measure(arguments, shapes, results)
    print(report.markdown(results), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
