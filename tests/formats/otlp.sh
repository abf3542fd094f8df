# Sourced by run: what is exported, held against the schema of OTLP.

# The exporter sends all that it has when its server ends.
export_requests() {
  local collector server_pid target
  mkdir "$work/otlp"
  mkfifo "$work/collector.out"
  node "$modules/collector.js" "$work/otlp" >"$work/collector.out" &
  collector=$!
  pids+=("$collector")
  read -r target <"$work/collector.out"
  mkfifo "$work/exporter.out"
  OTEL_SERVICE_NAME=formats "$server" --listen 127.0.0.1:0 --debug-listen off \
    --root "$here/../.." --otlp-endpoint "http://127.0.0.1:$target" \
    >"$work/exporter.out" 2>"$work/exporter.err" &
  server_pid=$!
  read -r target <"$work/exporter.out"
  for path in /hello /flow '/lookup?host=localhost' '/%ff%22' /file; do
    curl -s -o /dev/null "${target##* }$path"
  done
  curl -s -o /dev/null "${target##* }/hello" \
    -H 'traceparent: 00-0123456789abcdef0123456789abcdef-0123456789abcdef-01'
  kill "$server_pid"
  wait "$server_pid"
}

# seed NAME EXPRESSION: a wrong spelling that the schema does not know
refuses_otlp() {
  sed "$2" "$work/otlp/1.json" >"$work/otlp.wrong"
  check "the schema of OTLP refuses $1" \
    bash -c '! node "$0" "$1"' "$modules/otlp.js" "$work/otlp.wrong"
}

check_otlp() {
  check 'requests are exported when the server ends' export_requests
  check 'what is exported is of the schema of OTLP' \
    node "$modules/otlp.js" "$work"/otlp/*.json
  refuses_otlp 'a key that is spelt wrongly' 's/"startTimeUnixNano"/"start_time"/'
  refuses_otlp 'an id that is too short' 's/"traceId":"./"traceId":"/'
  refuses_otlp 'a kind that is text' 's/"kind":[0-9]/"kind":"server"/'
  echo '# left out: a real OpenTelemetry Collector, which no package of Debian or npm holds'
}
