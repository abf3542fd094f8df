#!/bin/bash
# debug_any_program.sh PROGRAM: what its diagnostics show, on a port and on a
# unix socket, and that it ends well. Prints what is wrong.
set -euo pipefail

program=$1
work=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null || true; rm -rf "$work"' EXIT

fail() {
  echo "$*"
  cat "$work/stderr" "$work/debug" 2>/dev/null || true
  exit 1
}

# start ADDRESS: its diagnostics are at $url
start() {
  local line
  mkfifo "$work/stdout"
  "$program" "$1" >"$work/stdout" 2>"$work/stderr" &
  pid=$!
  exec 3<"$work/stdout"
  read -r -t 50 line <&3 || fail "it does not begin"
  url=${line#diagnostics on }
}

stop() {
  local code=0
  kill -TERM "$pid"
  wait "$pid" || code=$?
  pid=
  rm "$work/stdout"
  [ "$code" -eq 0 ] || fail "its exit code is $code"
}

# shows FILTER CURL-ARGUMENT...: jq's filter holds of /debug
shows() {
  local filter=$1
  shift
  curl -sS --noproxy '*' "$@" >"$work/debug" || fail "no answer"
  jq -e "$filter" <"$work/debug" >/dev/null || fail "not so: $filter"
}

# made_by TYPE FUNCTION: a resource of that type was made there
made_by() {
  echo ".resources | any(.type == \"$1\" and .site.function == \"$2\" and
    (.site.file | endswith(\"debug_any_program.c\")))"
}

start 127.0.0.1:0
shows "$(made_by Timeout start)" "$url/debug"
shows "$(made_by SIGNALWRAP start)" "$url/debug"
shows '.threads | any(.kind == "loop") and any(.name == "debug")' "$url/debug"
shows '.resources | all(.type != "TCPSERVERWRAP")' "$url/debug"
curl -sS --noproxy '*' "$url/debug/tree" | grep -q Timeout || fail "no tree"
stop

start "unix:$work/socket"
shows "$(made_by Timeout start)" --unix-socket "$work/socket" \
  http://localhost/debug
[ "$(stat -c %a "$work/socket")" = 600 ] || fail "others may connect"
stop
[ ! -e "$work/socket" ] || fail "the socket is left behind"

! "$program" 0.0.0.0:0 >/dev/null 2>"$work/stderr" || fail "it let others in"
grep -q token "$work/stderr" || fail "it does not say why"
