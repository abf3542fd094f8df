#!/usr/bin/env python3
"""The server beside others: requests per second, and processor time of each.

usage: compare.py [--rounds N] [--ms N] [--append] [--only NAME,...] BUILD DEPS OUT

In each round every server has its turn, alone, on one core, asked by bench_load
on another: 64 connections with one request at a time, and with 16 in one write.
What other programs and the hypervisor took meanwhile is measured as well; a
turn that was disturbed is repeated, twice at most. Writes http.json, http.md
and plots into OUT; --append adds rounds to those that are there.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys

import report
import servers

SHAPES = {"keep-alive": (64, 1), "pipelined": (64, 16)}
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


def turn(server, load, shape, ms):
    connections, depth = SHAPES[shape]
    cores = sorted(os.sched_getaffinity(0))
    server.start(cores[0])
    command = [load, "-c", str(connections), "-d", str(depth), "-w", "150",
               "-t", str(ms), "-p", str(server.pid), str(server.port),
               "/hello"]
    busy, stolen = machine()
    own = children_s()
    said = subprocess.run(
        command, capture_output=True, text=True, timeout=60,
        preexec_fn=lambda: os.sched_setaffinity(0, {cores[-1]}))
    own = children_s() - own
    busy, stolen = (now - then for now, then in zip(machine(), (busy, stolen)))
    server.stop()
    if said.returncode != 0:
        sys.exit("%s, %s: %s" % (server.name, shape, said.stderr))
    result = json.loads(said.stdout)
    seconds = (ms + 150) / 1000
    warm = 1 + 150 / ms
    foreign = busy - own - result["cpu_us"] * result["requests"] * warm / 1e6
    result["disturbed"] = (foreign / seconds > FOREIGN_MAX + 2 / TICK or
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


def measure(arguments, results):
    known, directory = servers.all_servers(arguments.build, arguments.deps)
    load = os.path.join(arguments.build, "tests/bench/bench_load")
    only = arguments.only.split(",") if arguments.only else None
    for _ in range(arguments.rounds):
        one = {}
        for shape in SHAPES:
            one[shape] = {
                server.name: undisturbed_turn(server, load, shape, arguments.ms,
                                              results)
                for server in known if only is None or server.name in only}
        results["rounds"].append(one)
        write(arguments.out, results)
    shutil.rmtree(directory)


def write(out, results):
    os.makedirs(out, exist_ok=True)
    with open(os.path.join(out, "http.json"), "w") as file:
        json.dump(results, file, indent=1)
    with open(os.path.join(out, "http.md"), "w") as file:
        file.write(report.markdown(results))
    for shape in SHAPES:
        for key, title in (("per_s", "requests per second"),
                           ("cpu_us", "CPU us per request")):
            name = "http-%s-%s.svg" % (shape, key)
            with open(os.path.join(out, name), "w") as file:
                file.write(report.plot(results["rounds"], shape, key,
                                       "/hello, %s: %s" % (shape, title)))


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--ms", type=int, default=600)
    parser.add_argument("--append", action="store_true")
    parser.add_argument("--only")
    parser.add_argument("build")
    parser.add_argument("deps")
    parser.add_argument("out")
    arguments = parser.parse_args()
    results = {"shapes": list(SHAPES), "repeated": 0, "disturbed": 0,
               "rounds": []}
    path = os.path.join(arguments.out, "http.json")
    if arguments.append and os.path.exists(path):
        results = json.load(open(path))
    measure(arguments, results)
    print(report.markdown(results), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
