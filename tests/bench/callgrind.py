"""Counts instructions, and reads what callgrind writes: instructions by room,
calls by function."""

import collections
import re
import subprocess

def measured(bench, *arguments):
    """What bench_measured() takes. Of the slow way to read the clock nothing
    counts, as what it does depends on the time."""
    said = subprocess.run(
        ["valgrind", "--tool=callgrind", "--toggle-collect=bench_measured*",
         "--toggle-collect=asyncscope__clock_read",
         "--callgrind-out-file=/dev/null", bench, *arguments],
        check=True, capture_output=True, text=True).stderr
    return int(re.search(r"Collected : (\d+)", said).group(1))


NAME = re.compile(r"^\((\d+)\)(?: (.*))?$")
COST = re.compile(r"^(?:\+\d+|-\d+|\*|\d+|0x[0-9a-f]+) (\d+)$")

# The first that fits a source file, or else its object, is the room.
ROOMS = [
    ("llhttp", "/llhttp/"),
    ("http", "server/http/"),
    ("app", "server/app/"),
    ("debug", "server/debug/"),
    ("listener", "server/listener/"),
    ("hooks", "hooks/"),
    ("als", "als/"),
    ("worker_pool", "worker_pool/"),
    ("libuv", "libuv"),
    ("libc", "libc.so"),
    ("libc", "ld-linux"),
    ("libc", "vgpreload"),
    ("libc", "/usr/include/"),
]


def room_of(source, binary):
    for text in (source, binary):
        for room, part in ROOMS:
            if part in text:
                return room
    return "other"


class Names:
    """A name is written once and then called by its number."""

    def __init__(self):
        self.known = {}

    def read(self, text):
        found = NAME.match(text)
        if found is None:
            return text
        if found.group(2) is not None:
            self.known[found.group(1)] = found.group(2)
        return self.known.get(found.group(1), "")


def read(path):
    """Instructions by (room, function), without what the called ones cost, and
    how often each function was called."""
    files, binaries, functions = Names(), Names(), Names()
    counts, calls = collections.Counter(), collections.Counter()
    source = binary = function = callee = ""
    called = False
    for line in open(path, errors="replace"):
        key, equals, value = line.rstrip("\n").partition("=")
        if equals and key in ("fl", "fi", "fe"):
            source = files.read(value)
        elif equals and key == "fn":
            function = functions.read(value)
        elif equals and key == "ob":
            binary = binaries.read(value)
        elif equals and key in ("cfi", "cfl"):
            files.read(value)
        elif equals and key == "cfn":
            callee = functions.read(value)
        elif equals and key == "cob":
            binaries.read(value)
        elif equals and key == "calls":
            calls[callee] += int(value.split()[0])
            called = True
        else:
            cost = COST.match(line.rstrip("\n"))
            if cost is not None and not called:
                counts[room_of(source, binary), function] += int(cost.group(1))
            called = called and cost is None
    return counts, calls
