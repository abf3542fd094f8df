"""Medians of ratios taken in the same round, as Markdown and as a plot; and the
files of a benchmark, NAME.json and NAME.md."""

import json
import os
import statistics
from xml.sax.saxutils import escape


def read(out, name, empty):
    """What an earlier run has written, or `empty`."""
    path = os.path.join(out, name + ".json")
    return json.load(open(path)) if os.path.exists(path) else empty


def write(out, name, results, text):
    os.makedirs(out, exist_ok=True)
    with open(os.path.join(out, name + ".json"), "w") as file:
        json.dump(results, file, indent=1)
    with open(os.path.join(out, name + ".md"), "w") as file:
        file.write(text)


def median(values):
    return statistics.median(values) if values else float("nan")


def spread(values):
    return "%.2f (%.2f to %.2f)" % (median(values), min(values), max(values))


def column(rounds, shape, name, key):
    return [one[shape][name][key] for one in rounds
            if name in one.get(shape, {})]


def ratios(rounds, shape, key, above, below):
    return [one[shape][above][key] / one[shape][below][key] for one in rounds
            if above in one.get(shape, {}) and below in one.get(shape, {})]


def names_of(rounds, shape):
    names = []
    for one in rounds:
        names += [name for name in one.get(shape, {}) if name not in names]
    return names


def table(rounds, shape):
    lines = ["| server | requests/s | CPU us/request | p50 us | p99 us "
             "| asyncscope / it, requests/s | asyncscope / it, CPU |",
             "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"]
    for name in names_of(rounds, shape):
        lines.append("| %s | %d | %.2f | %d | %d | %s | %s |" % (
            name, *(median(column(rounds, shape, name, key))
                    for key in ("per_s", "cpu_us", "p50_us", "p99_us")),
            spread(ratios(rounds, shape, "per_s", "asyncscope", name)),
            spread(ratios(rounds, shape, "cpu_us", "asyncscope", name))))
    return "\n".join(lines)


def shapes_of(results):
    """Those that were measured."""
    return [name for name in results["shapes"]
            if names_of(results["rounds"], name)]


def said_of(shape):
    said = "`%s`, %d connections, %d request%s at a time" % (
        shape["path"], shape["connections"], shape["depth"],
        "s" if shape["depth"] > 1 else "")
    if shape["loops"] > 1:
        said += (", %d loops, of which the last shares its core with the client "
                 "where there are no more cores" % shape["loops"])
    return said + "."


def markdown(results):
    parts = ["# HTTP\n",
             "Each server in turn, on its own core; the client on the last. "
             "Medians; a ratio is the median of those of the same round (lowest "
             "to highest). CPU is the server's own, all its threads.",
             "Turns disturbed by other work and measured again: %d; "
             "disturbed to the end: %d." % (results["repeated"],
                                            results["disturbed"])]
    for name in shapes_of(results):
        rounds = [one for one in results["rounds"] if name in one]
        parts += ["\n## %s\n" % name,
                  "%s %d rounds.\n" % (said_of(results["shapes"][name]),
                                      len(rounds)),
                  table(rounds, name)]
    return "\n".join(parts) + "\n"


def plot(rounds, shape, key, title):
    """Bars of medians, with a line from the lowest to the highest."""
    names = names_of(rounds, shape)
    most = max(max(column(rounds, shape, name, key)) for name in names)
    out = ['<svg xmlns="http://www.w3.org/2000/svg" width="720" height="%d" '
           'font-family="sans-serif" font-size="12">' % (40 + 22 * len(names)),
           '<text x="10" y="20" font-size="14">%s</text>' % escape(title)]
    for row, name in enumerate(names):
        values = column(rounds, shape, name, key)
        y = 34 + 22 * row
        at = lambda value: 130 + 500 * value / most
        out += ['<text x="120" y="%d" text-anchor="end">%s</text>' % (
                    y + 12, escape(name)),
                '<rect x="130" y="%d" width="%.1f" height="16" fill="%s"/>' % (
                    y, at(median(values)) - 130,
                    "#2b6cb0" if name == "asyncscope" else "#a0aec0"),
                '<line x1="%.1f" x2="%.1f" y1="%d" y2="%d" stroke="#000"/>' % (
                    at(min(values)), at(max(values)), y + 8, y + 8),
                '<text x="640" y="%d">%.6g</text>' % (y + 12, median(values))]
    return "\n".join(out + ["</svg>\n"])


COLOURS = ("#2b6cb0", "#c05621", "#2f855a", "#6b46c1")


def curves(sizes, lines, title):
    """One for each of `lines`, over sizes that each are ten times the last."""
    most = max(max(values) for values in lines.values())
    x = lambda step: 60 + 420 * step / (len(sizes) - 1)
    y = lambda value: 260 - 210 * value / most
    out = ['<svg xmlns="http://www.w3.org/2000/svg" width="640" height="300" '
           'font-family="sans-serif" font-size="12">',
           '<text x="10" y="20" font-size="14">%s</text>' % escape(title),
           '<path d="M60 50V260H480" fill="none" stroke="#000"/>',
           '<text x="54" y="54" text-anchor="end">%.4g</text>' % most,
           '<text x="54" y="264" text-anchor="end">0</text>']
    out += ['<text x="%.1f" y="280" text-anchor="middle">%s</text>' % (
        x(step), format(size, ",")) for step, size in enumerate(sizes)]
    for colour, (name, values) in zip(COLOURS, lines.items()):
        points = " ".join("%.1f,%.1f" % (x(step), y(value))
                          for step, value in enumerate(values))
        out += ['<polyline points="%s" fill="none" stroke="%s"/>' % (
                    points, colour),
                '<text x="488" y="%.1f" fill="%s">%s, %.4g</text>' % (
                    y(values[-1]) + 4, colour, escape(name), values[-1])]
    return "\n".join(out + ["</svg>\n"])
