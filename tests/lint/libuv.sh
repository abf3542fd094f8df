# libuv.sh [HEADER]: every function of libuv has its tracked counterpart, or
# stands in libuv.list with the reason why not. The list has nothing that is not
# true any more. HEADER is another uv.h than the compiler's.
. "$(dirname -- "$0")/lib.sh"

here=$(cd -- "$(dirname -- "$0")" && pwd)

uv_header() {
  printf '#include <uv.h>\n' | "$CC" -D_GNU_SOURCE -E -x c - |
    sed -n 's/^# [0-9]* "\(.*\/uv\.h\)".*/\1/p' | sed -n 1p
}

functions_of() {
  code_of "$1" | sed 's/^[^:]*:[0-9]*://;/^ *#/d' | tr '\n;' ' \n' |
    sed -n 's/^.*UV_EXTERN[^(]*[ *]\(uv_[a-z0-9_]*\) *(.*/\1/p' | sort -u
}

tracked() {
  code_of $(public_headers) | grep -oE '\<async_uv_[a-z0-9_]+' |
    sed 's/^async_//;s/_at$//' | sort -u
}

functions_of "${1:-$(uv_header)}" >"$work/uv"
[ "$(wc -l <"$work/uv")" -gt 200 ] || found "uv.h is not understood"
tracked >"$work/tracked"
sed '/^#/d;/^$/d' "$here/libuv.list" >"$work/list"

while read -r name; do
  if ! grep -qx "$name" "$work/tracked"; then
    listed=no
    while read -r pattern reason; do
      [ -n "$reason" ] || found "libuv.list has no reason for $pattern"
      case $name in
      $pattern) listed=yes ;;
      esac
    done <"$work/list"
    [ "$listed" = yes ] || found "$name has no async_$name and no reason"
  fi
done <"$work/uv"
while read -r pattern reason; do
  if grep -qx "$pattern" "$work/tracked"; then
    found "libuv.list says that there is no async_$pattern"
  fi
done <"$work/list"
finish
