#!/bin/bash
# gdb.sh SERVER: gdb loads asyncscope's commands by itself, and they show what
# lives and why, in a process and in its core; exits 77 where gdb may not look.
set -euo pipefail
root=$(cd -- "$(dirname -- "$0")/../.." && pwd)
work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT
command -v gdb >/dev/null || { echo "left out: gdb is not installed"; exit 77; }

fail() {
  echo "$*"
  cat "$work/out" "$work/err" 2>/dev/null || true
  exit 1
}

# A request that waits for its timer, on a server with the script beside it.
make_scene() {
  cp "$1" "$work/asyncscope"
  cp "$root/tools/asyncscope-gdb.py" "$work/asyncscope-gdb.py"
  mkfifo "$work/stdout"
  "$work/asyncscope" --listen 127.0.0.1:0 >"$work/stdout" 2>/dev/null &
  pids+=($!)
  mapfile -n 2 -t said <"$work/stdout"
  main=${said[0]#*listening on } debug=${said[1]#*debug on }
  curl -s --noproxy '*' -o /dev/null "$main/timer?ms=20000" &
  pids+=($!)
  until curl -s --noproxy '*' "$debug/debug/requests" |
    jq -e '.requests | length == 1' >/dev/null; do :; done
  key=$(curl -s --noproxy '*' "$debug/debug/resources?type=Timeout" |
    jq -r '.resources[0].key')
}

# ask ARGUMENT...: the commands, with what gdb itself says of them in err
ask() {
  gdb -batch -nx -iex "set auto-load safe-path $work" "$@" \
    -ex "asyncscope ps" -ex "asyncscope why $key" -ex "asyncscope why 9999999" \
    >"$work/out" 2>"$work/err" </dev/null || true
}

shows() {
  grep -qE -- "$1" "$work/out" || fail "it does not show $1"
}

shows_the_scene() {
  shows '^thread [0-9]+ "loop-0"  loop, tid [0-9]+'
  shows "^  Timeout $key +init .* r1 +route_timer.c:[0-9]+ start"
  shows "^Timeout $key "
  shows '^  HTTPINCOMINGMESSAGE [0-9]+:[0-9]+ "GET /timer" .* r1 '
  shows '^    TCPWRAP .* http_connection.c:[0-9]+ open_connection'
  shows '^      TCPSERVERWRAP .* http_server.c:[0-9]+ open_listener'
  shows '^        top level'
  grep -q '9999999 is not there' "$work/err" || fail "it finds what is not there"
}

make_scene "$1"
ask -p "${pids[0]}" -ex "gcore $work/core"
if grep -q 'Operation not permitted' "$work/err"; then
  echo "left out: gdb may not look into processes here"
  exit 77
fi
shows_the_scene
ask "$work/asyncscope" "$work/core"
shows_the_scene
gdb -batch -nx -iex 'set auto-load safe-path /' -ex 'asyncscope ps' \
  -x "$root/tools/asyncscope-gdb.py" -ex 'asyncscope ps' /bin/true \
  >"$work/out" 2>"$work/err" </dev/null || true
grep -q 'no debug symbols of asyncscope' "$work/err" ||
  fail "another program's lack of symbols is not told"
