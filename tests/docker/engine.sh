# A Docker engine of the test's own: its state lies in one temporary directory,
# its network is one bridge of its own, and both are gone afterwards.

engine_dir=
engine_pid=
bridge=scope$BASHPID

start_engine() {
  engine_dir=$(mktemp -d)
  export DOCKER_HOST=unix://$engine_dir/docker.sock
  : >"$engine_dir/log"
  make_bridge >>"$engine_dir/log" 2>&1 || return 1
  dockerd -H "$DOCKER_HOST" --data-root "$engine_dir/data" \
    --exec-root "$engine_dir/exec" --pidfile "$engine_dir/pid" \
    --bridge "$bridge" --iptables=false --ip6tables=false \
    >>"$engine_dir/log" 2>&1 </dev/null &
  engine_pid=$!
  engine_answers
}

make_bridge() {
  local net
  command -v ip >/dev/null && command -v dockerd >/dev/null &&
    remove_dead_bridges &&
    net=$(free_net) &&
    ip link add "$bridge" type bridge &&
    ip address add "$net.1/24" dev "$bridge" &&
    ip link set "$bridge" up
}

# A test that was killed has left its bridge, whose route would take the
# packets of the next one.
remove_dead_bridges() {
  local name
  for name in $(ip -o link show type bridge | grep -o '\bscope[0-9]*'); do
    kill -0 "${name#scope}" 2>/dev/null || ip link del "$name"
  done
}

free_net() {
  local try net used
  used=$(ip -4 route)
  for try in {0..255}; do
    net=172.30.$(((BASHPID + try) % 256))
    if ! grep -q "^$net\." <<<"$used"; then
      echo "$net"
      return
    fi
  done
  return 1
}

# Ends as soon as the engine answers or has died; after 30 s at the latest.
engine_answers() {
  local tries
  for tries in {1..150}; do
    kill -0 "$engine_pid" 2>/dev/null || return 1
    ! docker version >/dev/null 2>&1 || return 0
    sleep 0.2
  done
  return 1
}

engine_failure() {
  tail -n 1 "$engine_dir/log" | tr -d '\n' | cut -c 1-200
}

stop_engine() {
  local mount
  if [ -n "$engine_pid" ]; then
    docker ps -aq 2>/dev/null | xargs -r docker rm -f >/dev/null 2>&1 || true
    kill "$engine_pid" 2>/dev/null || true
    wait "$engine_pid" 2>/dev/null || true
  fi
  ip link del "$bridge" 2>/dev/null || true
  if [ -n "$engine_dir" ]; then
    awk -v d="$engine_dir/" 'index($2, d) == 1 { print $2 }' /proc/mounts |
      sort -r | while read -r mount; do umount "$mount" || true; done
    rm -rf "$engine_dir"
  fi
}
