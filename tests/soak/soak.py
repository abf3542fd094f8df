"""soak.py SERVER ROOT SECONDS [SEED]: mixed traffic with visitors that go away
at every stage, while snapshots are read and checked; then nothing may be left
of it."""
import collections
import os
import random
import sys
import threading
import time

import traffic
from server import Server

VISITORS = 12
# Beside what allocators keep: a leak of a KiB a visit is more. The thread
# sanitizer keeps a history of its own, which says nothing of the server.
GROWTH_KIB = int(os.environ.get("SOAK_GROWTH_KIB", 32768))


class Soak:
    def __init__(self, server, seconds, seed):
        self.server = server
        self.end = time.monotonic() + seconds
        self.seed = seed
        self.done = collections.Counter()
        self.wrong = []
        self.snapshots = 0

    def going_on(self):
        return (time.monotonic() < self.end and not self.wrong and
                self.server.is_alive())

    def visit(self, index):
        rng = random.Random(self.seed * 1000 + index)
        while self.going_on():
            action = rng.choice(traffic.ACTIONS)
            port = self.server.port if rng.random() < 0.95 \
                else self.server.debug_port
            self.attempt(action, rng, port)

    def attempt(self, action, rng, port):
        try:
            action(rng, port)
        except ConnectionResetError:
            pass  # it may be cut off in the middle of what is wrong
        except Exception as error:  # a thread's failure is the soak's
            self.wrong.append(f"{action.__name__}: {error!r}")
        self.done[action.__name__] += 1

    def look(self):
        while self.going_on():
            try:
                check(self.server.snapshot())
            except Exception as error:
                self.wrong.append(f"snapshot: {error!r}")
            self.snapshots += 1

    def run(self):
        threads = [threading.Thread(target=self.visit, args=(i,))
                   for i in range(VISITORS)]
        threads.append(threading.Thread(target=self.look))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if not self.server.is_alive():
            self.wrong.append("the server is gone")


def check(snapshot):
    keys = [resource["key"] for resource in snapshot["resources"]]
    if len(keys) != len(set(keys)):
        raise AssertionError("a resource is there twice")
    types = collections.Counter(r["type"] for r in snapshot["resources"])
    if types["TCPSERVERWRAP"] != 2:
        raise AssertionError(f"{types['TCPSERVERWRAP']} listeners of 2")
    for resource in snapshot["resources"]:
        if resource["ageUs"] < 0 or resource["key"] != \
                f"{resource['thread']}:{resource['asyncId']}":
            raise AssertionError(f"a torn record: {resource}")


def state(server, wanted=None, seconds=30):
    """What it holds when all is quiet; the connection that asked for this may
    be closed a little later, so what is wanted is waited for."""
    server.await_quiet()
    end = time.monotonic() + seconds
    while True:
        seen = {"descriptors": server.descriptors(),
                "threads": server.threads()}
        if wanted in (None, seen) or time.monotonic() > end:
            return seen
        time.sleep(0.1)


def soak(server, seconds, seed):
    """What was wrong."""
    warm_up = Soak(server, min(60, seconds / 3), seed + 1)
    warm_up.run()
    if warm_up.wrong:
        return warm_up.wrong
    before, kib = state(server), server.resident_kib()
    visits = Soak(server, seconds, seed)
    visits.run()
    if not visits.wrong:
        visits.wrong = left_over(visits, before, kib)
    print("soak:",
          ", ".join(f"{n} {c}" for n, c in sorted(visits.done.items())))
    return visits.wrong


def left_over(visits, before, kib):
    server, wrong = visits.server, []
    after, grown = state(server, before), server.resident_kib() - kib
    if after != before:
        wrong.append(f"{after} in place of {before}")
    if grown > GROWTH_KIB:
        wrong.append(f"{grown} KiB more than before")
    print(f"soak: {sum(visits.done.values())} visits, {visits.snapshots} "
          f"snapshots, {after}, {kib} KiB and {grown} more")
    return wrong


def main(binary, root, seconds, seed):
    server = Server(binary, root)
    wrong = soak(server, seconds, seed)
    status = server.stop()
    if status != 0:
        wrong.append(f"exit status {status}")
    for line in wrong:
        print(f"soak: WRONG: {line}")
    if wrong:
        print(server.said())
    print(f"soak: seed {seed}: {'NOT well' if wrong else 'well'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], float(sys.argv[3]),
                  int(sys.argv[4]) if len(sys.argv) > 4 else 1))
