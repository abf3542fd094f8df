#!/usr/bin/env python3
"""What tracking costs, operation by operation, beside Node's.

usage: hooks.py [--rounds N] [--append] [--only ROW,...] BENCH_HOOKS DEPS OUT

In each round bench_hooks has its turn and then, for each row, peer_hooks.js in
every Node that is there, each row in a process of its own. A turn in which
other programs took some of a core is repeated, twice at most. Where valgrind is
installed, the instructions of our operations are counted once. Writes
hooks.json, hooks.md and plots into OUT; --append adds rounds to those that are
there.
"""

import argparse
import concurrent.futures
import functools
import os
import shutil
import subprocess
import sys
import time

import callgrind
import compare
import report
import servers

PEER = os.path.join(os.path.dirname(__file__), "peer_hooks.js")
FOREIGN_MAX = 0.15  # of a core: a turn is some ticks of the clock long
FEW, MANY = 2000, 4000  # operations: the difference counts
# A row of Node alone, and the one of ours beside it.
BESIDE = {"init-collected": "init-destroy"}
# Hooks and storages.
PLOTS = {"plain": (0, 0), "hook": (1, 0), "storages": (0, 100)}

NOTES = """
A hook has four callbacks that do nothing; each storage has a store. Ours has
the live set, times and recorder on, except in the rows named `-bare`. Node has
none of them: with no hook it notes nothing but a new id and the context.
Node's times are of code that was compiled before, with what the garbage
collector takes in the measuring thread; its other threads may use another core.

- `init-destroy`, `life`, `lives-together`: `new AsyncResource(type,
  { requireManualDestroy: true })` and `emitDestroy()`. With hooks the destroy
  events are delivered in the time, by us behind each 100, by Node behind 2000.
- `init-collected`: `new AsyncResource(type)`, as Node's
  `async-local-storage-propagate-asyncresource.js`. With hooks the collector
  makes the destroy event. Beside it stands our `init-destroy`.
- `before-after`: Node's `runInAsyncScope()` of an empty function; ours enters
  and leaves. `nested-boundary`: one of 16 boundaries of 8 scopes in each other.
- `get-store`: the innermost storage's. `get-store-outermost`: Node's
  `async-local-storage-getstore-nested-run.js`.
- `run`, `enter-with`: with another store than the one before.
- `snapshot`, `bind`: made, called once, and ended by us; Node leaves the end to
  the collector. `resource-bind` is Node's `async-resource-bind.js`: not called.
- `next-tick`, `immediate`: a hundred at a time.
- `timer`: `setTimeout(0)` waits a millisecond, which is left out; 2000 of them
  run in a turn of Node's loop, 100 in one of ours, whose waiting counts.
- `promise-then`: one of a hundred `then()` that follow each other.
  `promise-chain`: a `then()` behind a promise that nobody settles, ended by us,
  left to the collector by Node.
- `await`: `await undefined`, Node's `async-local-storage-propagate-promise.js`:
  one microtask. `run-await`: Node's `async-local-storage-run.js`, a promise that
  is resolved in a `run()` and awaited. `then-catch`: Node's `promises.js`, three
  promises, three microtasks, one rejection; `then-catch-init`: the same with
  hooks that have only `init`. Ours goes on in a callback of `then()`.
"""


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True)


def foreign_s(busy_s, own_s):
    return compare.machine()[0] - busy_s - (compare.children_s() - own_s)


def undisturbed(*command):
    for _ in range(3):
        began_s, busy_s = time.monotonic(), compare.machine()[0]
        own_s = compare.children_s()
        said = run(*command).stdout
        most_s = FOREIGN_MAX * (time.monotonic() - began_s) + 2 / compare.TICK
        if foreign_s(busy_s, own_s) <= most_s:
            break
    return said


def ours(bench):
    """Nanoseconds by (row, hooks, storages)."""
    lines = undisturbed(bench).splitlines()[1:]
    return {(row, hooks, storages): float(median) for
            row, hooks, storages, median, *_ in map(str.split, lines)}


def with_nodes_rows(measured):
    for row, beside in BESIDE.items():
        measured.update({(row, *around): ns for (name, *around), ns in
                         list(measured.items()) if name == beside})
    return measured


def one_round(bench, nodes, only):
    @functools.cache
    def node_ns(node, *row):
        return float(undisturbed(node, PEER, *row))
    result = {}
    for (row, *around), ns in with_nodes_rows(ours(bench)).items():
        if only and row not in only:
            continue
        result[" ".join([row, *around])] = {
            "asyncscope": {"ns": ns},
            **{name: {"ns": node_ns(node, row.removesuffix("-bare"), *around)}
               for name, node in nodes.items()}}
    return result


def instructions(bench, row, hooks, storages):
    few, many = (callgrind.measured(bench, row, hooks, storages, str(count))
                 for count in (FEW, MANY))
    return round((many - few) / (MANY - FEW))


def all_instructions(bench, shapes):
    def of(shape):
        row, *around = shape.split()
        return shape, instructions(bench, BESIDE.get(row, row), *around)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(pool.map(of, shapes))


def names_of(rounds, keep):
    names = [name for one in rounds for turn in one.values() for name in turn]
    return [name for name in dict.fromkeys(names) if keep(name)]


def line(results, shape, nodes):
    rounds = results["rounds"]
    cells = shape.split() + [report.spread(
        report.column(rounds, shape, "asyncscope", "ns"))]
    if results["instructions"]:
        cells.append(str(results["instructions"].get(shape, "")))
    for node in nodes:
        cells += ["%.1f" % report.median(report.column(rounds, shape, node,
                                                       "ns")),
                  report.spread(report.ratios(rounds, shape, "ns", node,
                                              "asyncscope"))]
    return "| %s |" % " | ".join(cells)


def markdown(results):
    rounds = results["rounds"]
    nodes = names_of(rounds, lambda name: name != "asyncscope")
    heads = ["operation", "hooks", "storages", "asyncscope ns"]
    heads += ["instructions"] if results["instructions"] else []
    for node in nodes:
        heads += [node + " ns", "%s / asyncscope" % node]
    shapes = dict.fromkeys(shape for one in rounds for shape in one)
    return "\n".join([
        "# What tracking costs\n",
        "Nanoseconds of one operation: medians of %d rounds (lowest to "
        "highest); a ratio is the median of those of the same round." %
        max(len(report.column(rounds, shape, "asyncscope", "ns"))
            for shape in shapes),
        "\n| %s |" % " | ".join(heads),
        "| --- |%s" % (" ---: |" * (len(heads) - 1)),
        *(line(results, shape, nodes) for shape in shapes), NOTES])


def plots(out, results):
    """How many times as long the newest Node takes."""
    nodes = names_of(results["rounds"], lambda name: name != "asyncscope")
    for name, around in PLOTS.items() if nodes else ():
        ratios = [{"all": {
            shape.split()[0]: {"ratio": turn[nodes[-1]]["ns"] /
                                        turn["asyncscope"]["ns"]}
            for shape, turn in one.items()
            if shape.endswith(" %d %d" % around) and nodes[-1] in turn}}
            for one in results["rounds"]]
        title = "%s / asyncscope, ns: %d hooks, %d storages" % (nodes[-1],
                                                               *around)
        with open(os.path.join(out, "hooks-%s.svg" % name), "w") as file:
            file.write(report.plot(ratios, "all", "ratio", title))


def write(out, results):
    report.write(out, "hooks", results, markdown(results))
    plots(out, results)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--append", action="store_true")
    parser.add_argument("--only")
    parser.add_argument("bench")
    parser.add_argument("deps")
    parser.add_argument("out")
    arguments = parser.parse_args()
    results = {"rounds": [], "instructions": {}}
    if arguments.append:
        results = report.read(arguments.out, "hooks", results)
    nodes = {name: servers.node_of(version, arguments.deps)
             for name, version in servers.NODES.items()}
    nodes = {name: node for name, node in nodes.items() if node}
    only = arguments.only.split(",") if arguments.only else None
    for _ in range(arguments.rounds):
        results["rounds"].append(one_round(arguments.bench, nodes, only))
        write(arguments.out, results)
    shapes = {shape for one in results["rounds"] for shape in one}
    missing = sorted(shapes - results["instructions"].keys())
    if shutil.which("valgrind"):
        results["instructions"].update(all_instructions(arguments.bench,
                                                        missing))
    write(arguments.out, results)
    print(markdown(results), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
