# examples.sh ARCHIVE SHARED: each C example of the documents compiles without a
# warning, links with either kind of the library, and ends with 0. That of /debug
# needs the other library too, which lies in server/ beside them.
. "$(dirname -- "$0")/lib.sh"

awk -v out="$work/example" '
  /^```c$/ { file = out (++n) ".c"; next }
  /^```/ { file = "" }
  file { print > file }' "$root"/README.md "$root"/docs/*.md

for example in "$work"/example*.c; do
  for library in "$@"; do
    debug=
    if grep -q asyncscope_debug_listen "$example"; then
      debug=${library%/*}/server/libasyncscope_debug${library##*/libasyncscope}
    fi
    if ! "$CC" -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror \
      -I"$root/hooks/include" -I"$root/als/include" \
      -I"$root/worker_pool/include" -I"$root/server/listener/include" \
      -I"$root/server/debug/include" \
      -o "$work/program" "$example" $debug "$library" \
      -luv -ljansson -lz -lpthread; then
      found "an example of the documents does not build with $library:" \
        "$(sed -n 1,8p "$example")"
    elif ! LD_LIBRARY_PATH=${library%/*}:${library%/*}/server "$work/program" >/dev/null; then
      found "an example of the documents fails: $(sed -n 1,8p "$example")"
    fi
  done
  examples=yes
done
[ -n "${examples:-}" ] || found "the documents have no C example"
finish
