#!/bin/bash
# readme.sh curls             the README's console blocks against the server
# readme.sh example PROGRAM   the README's C example, already built
#
# What a command prints must be what the README shows, but for its numbers: ids,
# times and line numbers differ from run to run. A line "$ COMMAND &" is run in
# the background; those after it are repeated until they show what they should,
# since nobody knows when the server will have begun the first, and that is begun
# again where it has ended before: on a busy machine its time may pass unseen.
set -euo pipefail

. "$ASYNCSCOPE_SOURCE_DIR/tests/docs/lib.sh"
readme=$ASYNCSCOPE_SOURCE_DIR/README.md
work=$(mktemp -d)
server=
background=()

clean_up() {
  kill "${background[@]}" $server 2>/dev/null || true
  rm -rf "$work"
}
trap clean_up EXIT

# Each command of a console block N to N.command, what follows it to N.output.
split() {
  awk -v work="$work" '
    /^```console$/ { inside = 1; next }
    /^```/ { inside = 0; next }
    inside && /^\$ / {
      n++
      print substr($0, 3) > (work "/" n ".command")
      printf "" > (work "/" n ".output")
      next
    }
    inside { print > (work "/" n ".output") }
    END { print n + 0 }' "$readme"
}

# "asyncscope: listening on URL", then "asyncscope: debug on URL"
start_server() {
  local line debug_line
  mkfifo "$work/stdout"
  ${ASYNCSCOPE_TEST_WRAPPER:-} "$ASYNCSCOPE_SERVER_BINARY" --listen 127.0.0.1:0 \
    --demo-faults --root "$ASYNCSCOPE_SOURCE_DIR" >"$work/stdout" 2>"$work/stderr" &
  server=$!
  exec 3<"$work/stdout"
  read -r -t 50 line <&3
  read -r -t 50 debug_line <&3
  port=${line##*:}
  debug_port=${debug_line##*:}
}

stop_server() {
  local code=0
  kill -TERM "$server"
  wait "$server" || code=$?
  server=
  if [ "$code" -ne 0 ]; then
    tail -n 50 "$work/stderr"
    echo "the server's exit code is $code"
    exit 1
  fi
}

command_of() {
  sed "s/localhost:8080/localhost:$port/g;s/localhost:8081/localhost:$debug_port/g" \
    "$work/$1.command"
}

shows_what_it_should() {
  bash -c "$(command_of "$1")" >"$work/$1.real" 2>&1 || return
  same_shape text "$work/$1.output" "$work/$1.real" >"$work/$1.diff"
}

check() {
  local tries=$2
  while ! shows_what_it_should "$1"; do
    tries=$((tries - 1))
    if [ "$tries" -eq 0 ]; then
      printf '$ %s\n' "$(command_of "$1")"
      cat "$work/$1.diff" "$work/$1.real"
      exit 1
    fi
    keep_background
  done
  printf 'ok $ %s\n' "$(cat "$work/$1.command")"
}

curls() {
  local n count tries=1
  count=$(split)
  [ "$count" -ge 5 ]
  start_server
  for ((n = 1; n <= count; n++)); do
    if grep -q '&$' "$work/$n.command"; then
      exec_background "$(command_of "$n")"
      tries=200
    else
      check "$n" "$tries"
    fi
  done
  stop_server
}

exec_background() {
  bash -c "exec ${1%&}" >/dev/null 2>&1 &
  background+=($!)
  latest=$1
}

# The latest that was begun, which those after it are about.
keep_background() {
  if [ ${#background[@]} -gt 0 ] && ! kill -0 "${background[-1]}" 2>/dev/null; then
    exec_background "$latest"
  fi
}

# The first ```text block behind the ```c block.
example() {
  awk '/^```c$/ { seen = 1 }
    /^```$/ { inside = 0 }
    inside { print; printed = 1 }
    seen && !printed && /^```text$/ { inside = 1 }' "$readme" >"$work/expected"
  [ -s "$work/expected" ]
  "$1" | diff "$work/expected" -
}

"$@"
