#!/bin/bash
# usdt.sh SERVER SHARED_LIBRARY: both have every probe, and a debugger that
# stops at one finds its arguments. Exits 77 where there was no <sys/sdt.h>.
set -euo pipefail
work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT

fail() {
  echo "$*"
  cat "$work/out" "$work/err" 2>/dev/null || true
  exit 1
}

probes_of() {
  readelf -n "$1" | awk '/Provider:/ { provider = $2 }
    /Name:/ && provider == "asyncscope" { print $2 }' | sort -u | tr '\n' ' '
}

printf '#include <sys/sdt.h>\n' | "${CC:-cc}" -E -x c - >/dev/null 2>&1 ||
  { echo "left out: there is no <sys/sdt.h>"; exit 77; }
for file in "$@"; do
  [ "$(probes_of "$file")" = \
    "after before destroy init request_end request_start " ] ||
    fail "$file has the probes $(probes_of "$file")"
done
command -v gdb >/dev/null || { echo "left out: gdb is not installed"; exit 77; }

# gdb is the server's parent; a curl asks as soon as the server listens, and
# the first of each probe behind that is what the curl brings about.
cat >"$work/commands" <<'COMMANDS'
set breakpoint pending off
set debuginfod enabled off
tbreak app_announce
run --listen 127.0.0.1:0 --debug-listen off >OUT
finish
tbreak -probe-stap asyncscope:request_start
continue
printf "started %lu %s\n", $_probe_arg0, (char *)$_probe_arg1
tbreak -probe-stap asyncscope:request_end
continue
printf "ended %lu %d\n", $_probe_arg0, $_probe_arg1
tbreak -probe-stap asyncscope:init
continue
printf "init %ld %s %ld\n", $_probe_arg0, (char *)$_probe_arg1, $_probe_arg2
kill
COMMANDS
sed -i "s|>OUT|>$work/stdout|" "$work/commands"
: >"$work/stdout"

# Ends when gdb has, or asks again: the third probe takes a second request.
ask() {
  local address
  until address=$(sed -n 's/.*listening on //p' "$work/stdout") &&
    [ -n "$address" ]; do kill -0 "$1" 2>/dev/null || return 0; done
  while kill -0 "$1" 2>/dev/null; do
    curl -s -m 5 --noproxy '*' -o /dev/null "$address/hello" || true
  done
}

gdb -batch -nx -x "$work/commands" "$1" >"$work/out" 2>"$work/err" </dev/null &
pids+=($!)
ask "${pids[0]}"
wait "${pids[0]}" || true
if grep -q 'Operation not permitted' "$work/err"; then
  echo "left out: gdb may not look into processes here"
  exit 77
fi
for line in 'started 1 GET /hello' 'ended 1 200' \
  'init [0-9]+ [A-Za-z]+ [0-9]+'; do
  grep -qE "^$line\$" "$work/out" || fail "it does not show: $line"
done
