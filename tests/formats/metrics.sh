# Sourced by run: /metrics in the hands of Prometheus.

free_port() {
  /usr/bin/python3 -c 'import socket
with socket.socket() as s:
    s.bind(("127.0.0.1", 0))
    print(s.getsockname()[1])'
}

# A second job scrapes what is none of its formats.
start_prometheus() {
  prometheus_url=http://127.0.0.1:$(free_port)
  cat >"$work/prometheus.yaml" <<END
global: {scrape_interval: 1s}
scrape_configs:
  - {job_name: server, static_configs: [{targets: ["${url#http://}"]}]}
  - {job_name: wrong, metrics_path: /debug/tree, static_configs: [{targets: ["${url#http://}"]}]}
END
  prometheus --config.file="$work/prometheus.yaml" \
    --storage.tsdb.path="$work/prometheus" --log.level=error \
    --web.listen-address="${prometheus_url#http://}" >"$work/prometheus.log" 2>&1 &
  pids+=($!)
}

# answers QUERY CONDITION: what Prometheus answers to a query becomes so
answers() {
  local tries
  for ((tries = 0; tries < 3000; tries++)); do
    if curl -s --retry 100 --retry-connrefused --retry-delay 1 --max-time 60 -G \
      -o "$work/query" --data-urlencode "query=$1" \
      "$prometheus_url/api/v1/query" && has_value query "$2"; then
      return 0
    fi
  done
  cat "$work/query" "$work/prometheus.log"
  return 1
}

check_metrics() {
  get metrics '/metrics?format=prometheus'
  get openmetrics '/metrics?format=openmetrics'
  check 'promtool finds nothing wrong with the metrics' \
    promtool check metrics <"$work/metrics"
  sed 's/^# TYPE asyncscope_resources gauge/# TYPE asyncscope_resources thing/' \
    "$work/metrics" >"$work/metrics.wrong"
  check 'promtool refuses a wrong type' \
    bash -c '! promtool check metrics <"$0"' "$work/metrics.wrong"
  check "Prometheus' parser reads the metrics" \
    /usr/bin/python3 "$here/openmetrics.py" prometheus "$work/metrics"
  check "the strict parser reads OpenMetrics" \
    /usr/bin/python3 "$here/openmetrics.py" openmetrics "$work/openmetrics"
  sed '$d' "$work/openmetrics" >"$work/openmetrics.wrong"
  check 'the strict parser refuses one without an end' bash -c \
    '! /usr/bin/python3 "$0" openmetrics "$1"' "$here/openmetrics.py" \
    "$work/openmetrics.wrong"
  start_prometheus
  check 'Prometheus scrapes the server' \
    answers 'up{job="server"}' '.data.result[0].value[1] == "1"'
  check 'and answers how many listeners are alive' \
    answers 'sum(asyncscope_resources{type="TCPSERVERWRAP"})' \
    '.data.result[0].value[1] | tonumber >= 1'
  check 'and how long requests take' answers \
    'histogram_quantile(0.5, sum by (le) (asyncscope_request_duration_seconds_bucket))' \
    '.data.result[0].value[1] | tonumber >= 0'
  check 'but does not scrape what is none of its formats' \
    answers 'up{job="wrong"}' '.data.result[0].value[1] == "0"'
}
