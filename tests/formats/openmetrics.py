# openmetrics.py prometheus|openmetrics FILE: Prometheus' own parser for Python
# reads FILE, and finds what every program has.
import sys

from prometheus_client.openmetrics import parser as openmetrics
from prometheus_client import parser as prometheus

kind, path = sys.argv[1:]
parse = {"prometheus": prometheus, "openmetrics": openmetrics}[kind]
with open(path, encoding="utf-8") as file:
    families = {f.name: f for f in parse.text_string_to_metric_families(file.read())}
histogram = families["asyncscope_request_duration_seconds"]
assert histogram.type == "histogram", histogram.type
assert families["asyncscope_resources"].type == "gauge"
assert families["asyncscope_resources_created"].type == "counter"
samples = [s for s in histogram.samples if s.labels.get("le") == "+Inf"]
assert samples and all(s.value > 0 for s in samples), samples
