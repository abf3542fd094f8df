. "$(dirname -- "$0")/lib.sh"

# The names declared ASYNC_EXTERN in the headers given: of each declaration the
# last word before the parameters.
declared() {
  code_of "$@" | sed 's/^[^:]*:[0-9]*://;/^#/d' | tr '\n;' ' \n' |
    sed -n 's/.*ASYNC_EXTERN[^(]*[ *]\([A-Za-z_][A-Za-z0-9_]*\) *(.*/\1/p' |
    sort -u
}

# library_headers [debug]: those of libasyncscope, or of libasyncscope_debug
library_headers() {
  if [ "${1:-}" = debug ]; then
    public_headers | grep /server/
  else
    public_headers | grep -v /server/
  fi
}

exported() {
  nm -D --defined-only "$1" | awk '{ print $NF }' | sed 's/@.*//' | sort -u
}

# compare_exports LIBRARY [debug]
compare_exports() {
  declared $(library_headers "${2:-}") >"$work/declared"
  exported "$1" >"$work/exported"
  [ -s "$work/declared" ] || found "no ASYNC_EXTERN in any public header"
  while read -r name; do
    found "exported, but declared in no public header: $name"
  done < <(comm -13 "$work/declared" "$work/exported")
  while read -r name; do
    found "declared in a public header, but not exported: $name"
  done < <(comm -23 "$work/declared" "$work/exported")
}
