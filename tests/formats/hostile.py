# hostile.py FORM FILE [COUNT]: FILE, an answer about names that try to be markup,
# read by who reads that form: nothing in it is taken for more than text, and no
# byte in it moves a terminal.
#   json         one value of ASCII, in which DEL may be
#   text         lines without control bytes
#   html         elements of a page, no script but its own, no attribute of events
#   events       server-sent events, each with a name of ours and data of JSON
#   folded       frames and a count on each line
#   prometheus   families of ours; what labels hold is text of any kind
#   log, logjson COUNT lines of a log, each of them one
import html.parser
import json
import re
import sys
import unicodedata

from prometheus_client import parser as prometheus

form, path = sys.argv[1:3]
data = open(path, "rb").read()
text = data.decode("utf-8")  # or it is no UTF-8

# Cc but for line ends, and what turns or hides text: BiDi, joiners, line ends of
# Unicode.
allowed = {"json": "\n\x7f", "events": "\n\x7f"}.get(form, "\n")
moving = [c for c in text if c not in allowed and form != "prometheus" and
          unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Cs")]


def is_json():
    json.loads(text)
    return text.isascii()


class Page(html.parser.HTMLParser):
    seen = set()
    handlers = []

    def handle_starttag(self, tag, attributes):
        if (tag, dict(attributes).get("src")) != ("script", "/debug/page.js"):
            self.seen.add(tag)
        self.handlers += [a for a, _ in attributes if a.startswith("on")]


def is_html():
    page = Page()
    page.feed(text)
    return not page.handlers and not page.seen & {"script", "b", "img", "svg"}


def is_events():
    blocks = [b for b in text.split("\n\n") if b]
    for block in blocks[:-1] if not text.endswith("\n\n") else blocks:
        fields = [line.partition(":") for line in block.split("\n")]
        names = [name for name, _, _ in fields]
        assert set(names) <= {"", "id", "event", "data", "retry"}, names
        event = [v.strip() for n, _, v in fields if n == "event"]
        assert event in ([], ["snapshot"], ["delta"], ["pulse"], ["line"],
                         ["dropped"], ["begin"]), event
        body = "\n".join(v for n, _, v in fields if n == "data")
        assert not body or json.loads(body) is not None
    return "event: " in text


def is_folded():
    return all(re.fullmatch(r"[^;]+(;[^;]+)* -?\d+", line)
               for line in text.splitlines())


def is_prometheus():
    families = list(prometheus.text_string_to_metric_families(text))
    return families and all(
        re.match(r"asyncscope_|process_", f.name) for f in families)


def is_log():
    return len(text.splitlines()) == int(sys.argv[3])


def is_log_of_json():
    return is_log() and all(json.loads(line)["message"] is not None
                            for line in text.splitlines())


well = {"json": is_json, "html": is_html, "events": is_events,
        "folded": is_folded, "prometheus": is_prometheus, "log": is_log,
        "logjson": is_log_of_json,
        "text": lambda: text.endswith("\n")}[form]()
if moving:
    print("moves a terminal:", sorted(map(ascii, set(moving))))
if not well:
    print(text[:2000])
sys.exit(0 if well and not moving else 1)
