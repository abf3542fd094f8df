"""reasons.py COUNTS LIST: whether each line that no test ran has a reason in
LIST, and each reason a line, and not too many. COUNTS is what gcovr --json
writes. Prints what is amiss, and answers 1 then; and the rows."""

import fnmatch
import json
import re
import sys

# Which lines run differs a little from one run to the next.
WITHOUT_REASON_MAX = 20


class Row:
    def __init__(self, line):
        self.files, lines, most, self.why = map(str.strip, line.split(" | "))
        self.pattern = re.compile(lines)
        self.most = int(most)
        self.sometimes = self.why.startswith("now and then: ")
        self.count = 0

    # A reason stands in the line itself or in the one above it, and goes for
    # the rest of the block.
    def covers(self, path, source, number, before):
        return fnmatch.fnmatch(path, self.files) and (
            before is self
            or self.pattern.search(source[number - 1]) is not None
            or self.pattern.search(source[number - 2]) is not None
        )


def read_rows(path):
    with open(path) as rows:
        return [Row(line) for line in rows if not line.startswith("#")]


def unrun(counts):
    for entry in counts["files"]:
        for line in entry["lines"]:
            if line["count"] == 0 and not line.get("gcovr/noncode"):
                yield entry["file"], line["line_number"]


# The row of the line before goes on only where the lines are neighbours.
def match(lines, rows):
    without = []
    place, row = (None, 0), None
    for path, number in lines:
        with open(path) as file:
            source = file.read().split("\n")
        before = row if place == (path, number - 1) else None
        row = next(
            (r for r in rows if r.covers(path, source, number, before)), None
        )
        place = (path, number)
        if row is None:
            without.append(f"{path}:{number}: {source[number - 1].strip()}")
        else:
            row.count += 1
    return without


def main(counts_path, list_path):
    rows = read_rows(list_path)
    with open(counts_path) as file:
        without = match(unrun(json.load(file)), rows)
    wide = [row for row in rows if row.count > row.most]
    stale = [row for row in rows if row.count == 0 and not row.sometimes]
    for line in without:
        print(f"without a reason: {line}")
    for row in stale:
        print(f"a reason of nothing: {row.files} | {row.pattern.pattern}")
    for row in wide:
        print(f"a reason of too much: {row.count} lines, not {row.most}: {row.files}")
    for row in rows:
        print(f"{row.count:4} {row.files}: {row.why}")
    print(
        f"{sum(row.count for row in rows)} lines for {len(rows)} reasons,"
        f" {len(without)} without one (at most {WITHOUT_REASON_MAX}),"
        f" {len(stale)} reasons of nothing, {len(wide)} of too much"
    )
    return 1 if stale or wide or len(without) > WITHOUT_REASON_MAX else 0


sys.exit(main(*sys.argv[1:]))
