#!/bin/bash
# docs/porting.md shows what scripts/port does to echo_uv.c, and what was then
# written by hand; "--update" instead of an argument writes both into it anew.
set -euo pipefail
here=$(cd -- "$(dirname -- "$0")" && pwd)
root=$(cd -- "$here/../.." && pwd)
page=$root/docs/porting.md
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# difference LINES OLD NEW: without the two lines that name files and times
difference() {
  diff -U"$1" "$2" "$3" | tail -n +3
}

"$root/scripts/port" "$here/echo_uv.c" >"$work/renamed.c"
difference 0 "$here/echo_uv.c" "$work/renamed.c" >"$work/1" || true
difference 2 "$work/renamed.c" "$here/echo_asyncscope.c" >"$work/2" || true
[ -s "$work/1" ] && [ -s "$work/2" ]

awk -v work="$work" '
  /^```diff$/ { print; file = work "/" ++n
    while ((getline line < file) > 0) print line
    skip = 1; next }
  /^```$/ { skip = 0 }
  !skip { print }
  END { exit n != 2 }' "$page" >"$work/page"
if [ "${1:-}" = --update ]; then
  cp "$work/page" "$page"
else
  diff "$page" "$work/page" || {
    echo "docs/porting.md is stale: examples/porting/differences.sh --update"
    exit 1
  }
fi
