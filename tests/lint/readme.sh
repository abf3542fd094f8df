# readme.sh ARCHIVE SHARED: each C example of the README compiles without a
# warning and links with either kind of the library.
. "$(dirname -- "$0")/lib.sh"

awk -v out="$work/example" '
  /^```c$/ { file = out (++n) ".c"; next }
  /^```/ { file = "" }
  file { print > file }' "$root/README.md"

for example in "$work"/example*.c; do
  for library in "$@"; do
    "$CC" -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror \
      -I"$root/hooks/include" -I"$root/als/include" \
      -I"$root/worker_pool/include" -o "$work/program" "$example" "$library" \
      -luv -lpthread || found "the README's example does not build with $library"
  done
  examples=yes
done
[ -n "${examples:-}" ] || found "README.md has no C example"
finish
