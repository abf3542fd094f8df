# Words that say a thing is not done, and JSON written by hand.
. "$(dirname -- "$0")/lib.sh"

# forbid PATTERN WHY FILE...
forbid() {
  local pattern=$1 why=$2 hit
  shift 2
  while read -r hit; do
    found "${hit#"$root"/}: $why"
  done < <(grep -nEH "$pattern" "$@" || true)
}

forbid '\<(TODO|FIXME|XXX|HACK|temporary hack)\>' 'unfinished' \
  $(c_files "${rooms[@]}" tests examples)
forbid '^[[:space:]]*#[[:space:]]*if 0' 'dead code' \
  $(c_files "${rooms[@]}" tests examples)
forbid '"[^"]*\{\\"' 'JSON is built by jansson' $(c_files)
finish
