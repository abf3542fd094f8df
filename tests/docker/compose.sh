# docker/compose.yaml on the test's engine: the server and a real Prometheus.
# The image prom/prometheus is in a registry: one that is started in the same
# way is made of Debian's package. A collector is in no package: its part of
# the file is only read.

compose() {
  ASYNCSCOPE_PORT='' ASYNCSCOPE_DEBUG_PORT='' PROMETHEUS_PORT='' \
    docker-compose -p asyncscope -f "$root/docker/compose.yaml" "$@"
}

compose_file_is_valid() {
  compose --profile observe config --services | sort | tr '\n' ' ' |
    grep -qx 'asyncscope collector prometheus '
}

make_prometheus() {
  docker tag asyncscope:test asyncscope &&
    DOCKER_BUILDKIT=0 docker build --network host -q -t prom/prometheus - <<'FILE'
FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends prometheus
WORKDIR /var/lib/prometheus
ENTRYPOINT ["/usr/bin/prometheus"]
FILE
}

compose_starts() {
  compose up -d --no-build asyncscope prometheus >"$engine_dir/body" 2>&1 || {
    sed 's/^/# /' "$engine_dir/body"
    return 1
  }
}

compose_prints_a_link() {
  local link address
  link=$(printed_link docker logs -f "$(compose ps -q asyncscope)") &&
    address=$(docker port "$(compose ps -q asyncscope)" 8081/tcp) &&
    answers '401|403' /debug &&
    answers 200 /debug -H "Authorization: Bearer ${link#*=}"
}

# query EXPRESSION: the number of series that Prometheus has of it
query() {
  curl -sG -m 10 "http://$(docker port "$(compose ps -q prometheus)" 9090/tcp)/api/v1/query" \
    --data-urlencode "query=$1" | jq '.data.result | length'
}

# Scrapes are 5 s apart; after a minute there is something wrong.
prometheus_has() {
  local tries
  for tries in {1..60}; do
    [ "$(query "$1")" != 1 ] 2>/dev/null || return 0
    sleep 1
  done
  docker logs --tail 5 "$(compose ps -q prometheus)" 2>&1 | sed 's/^/# /'
  return 1
}

compose_ends() {
  local code
  compose stop -t 10 asyncscope >/dev/null 2>&1
  code=$(docker inspect -f '{{.State.ExitCode}}' "$(compose ps -q asyncscope)")
  compose down >/dev/null 2>&1 && [ "$code" = 0 ]
}

compose_checks() {
  check "the compose file is valid" compose_file_is_valid
  must "an image of Prometheus is made" make_prometheus
  must "the composition starts" compose_starts
  check "its server prints a link, which opens /debug" compose_prints_a_link
  check "Prometheus reads the metrics" prometheus_has 'up{job="asyncscope"} == 1'
  check "Prometheus has the server's numbers" \
    prometheus_has asyncscope_build_info
  check "the composition ends" compose_ends
}
