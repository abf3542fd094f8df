#!/bin/bash
# echo.sh UV ASYNCSCOPE: both echo servers answer and end well, and /debug of
# the ported one shows the tree that docs/porting.md shows, but for numbers.
set -euo pipefail
here=$(cd -- "$(dirname -- "$0")" && pwd)
root=$(cd -- "$here/../.." && pwd)
work=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null || true; rm -rf "$work"' EXIT

fail() {
  echo "$*"
  cat "$work"/stderr "$work/shown" 2>/dev/null || true
  exit 1
}

# start LINES PROGRAM ARGUMENT...: its first lines are in the array said
start() {
  local count=$1
  shift
  mkfifo "$work/stdout"
  "$@" >"$work/stdout" 2>"$work/stderr" &
  pid=$!
  exec 3<"$work/stdout"
  rm "$work/stdout"
  mapfile -n "$count" -t said <&3
  [ "${#said[@]}" -eq "$count" ] || fail "$1 does not begin"
}

stop() {
  local code=0
  kill -TERM "$pid"
  wait "$pid" || code=$?
  pid=
  [ "$code" -eq 0 ] || fail "its exit code is $code"
}

# echoes PORT: descriptor 4 stays connected
echoes() {
  local line
  exec 4<>"/dev/tcp/127.0.0.1/$1"
  echo "hello" >&4
  read -r -t 50 line <&4 && [ "$line" = hello ] || fail "no echo on $1"
}

# Numbers, times and what they make of the columns are another each time.
steady() {
  sed -E 's/[0-9.]+ (us|ms|s)\b/T/g; s/[0-9]+/N/g; s/ +/ /g' "$1"
}

start 1 "$1" 0
echoes "${said[0]##*:}"
stop
exec 4>&-

start 2 "$2" 0 127.0.0.1:0
echoes "${said[1]##*:}"
# The echo comes before the callback that writes it has ended.
until grep -q ', waiting$' "$work/debug" 2>/dev/null; do
  curl -sS --noproxy '*' "${said[0]#debug on }/debug/tree" >"$work/debug" ||
    fail "no answer"
done
sed -n '/loop/,/^$/p' "$work/debug" | sed '/^$/d' >"$work/shown"
awk '/^\$ .*debug\/tree$/ { shown = 1; next } /^```$/ { shown = 0 } shown' \
  "$root/docs/porting.md" >"$work/told"
diff <(steady "$work/told") <(steady "$work/shown") ||
  fail "docs/porting.md shows another tree"
stop
