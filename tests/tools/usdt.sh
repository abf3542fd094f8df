#!/bin/bash
# usdt.sh SERVER SHARED_LIBRARY: both have every probe with its arguments, a
# debugger that stops at one finds them, and bpftrace counts by them. Exits 77
# where there was no <sys/sdt.h>.
# usdt.sh --notes FILE...: only what stands in the files.
set -euo pipefail
work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT

fail() {
  echo "$*"
  cat "$work/out" "$work/err" 2>/dev/null || true
  exit 1
}

# Each probe and how many arguments each of its places has: "init/3 "
probes_of() {
  readelf -n "$1" | awk '/Provider:/ { provider = $2 }
    /Name:/ { name = $2 }
    /Arguments:/ && provider == "asyncscope" { print name "/" NF - 1 }' |
    sort -u | tr '\n' ' '
}

if [ "$1" = --notes ]; then
  shift
else
  printf '#include <sys/sdt.h>\n' | "${CC:-cc}" -E -x c - >/dev/null 2>&1 ||
    { echo "left out: there is no <sys/sdt.h>"; exit 77; }
  live=yes
fi
for file in "$@"; do
  [ "$(probes_of "$file")" = \
    "after/1 before/1 destroy/1 init/3 request_end/2 request_start/2 " ] ||
    fail "$file has the probes $(probes_of "$file")"
done
[ -n "${live:-}" ] || exit 0
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

shown_when_asked() {
  until grep -qx "ended $2" "$work/out"; do
    kill -0 "${pids[-1]}" 2>/dev/null || return
    curl -s -m 5 --noproxy '*' -o /dev/null "$1"
  done
}

# bpftrace shows the status of each answer. Where the kernel does not let it,
# that is said.
traces() {
  local line address
  mkfifo "$work/listening"
  "$1" --listen 127.0.0.1:0 --debug-listen off >"$work/listening" 2>/dev/null &
  pids+=($!)
  read -r line <"$work/listening"
  address=${line#*listening on }
  bpftrace -B line -p "${pids[-1]}" \
    -e "usdt:$1:asyncscope:request_end { printf(\"ended %d\\n\", arg1); }" \
    >"$work/out" 2>"$work/err" &
  pids+=($!)
  shown_when_asked "$address/hello" 200 && shown_when_asked "$address/none" 404
}

command -v bpftrace >/dev/null ||
  { echo "left out: bpftrace is not installed"; exit 77; }
traces "$1" || {
  echo "left out: bpftrace may not trace here: $(tail -n 1 "$work/err")"
  exit 77
}
