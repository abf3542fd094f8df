# .clang-format decides the layout, as version 14 understands it.
. "$(dirname -- "$0")/lib.sh"

command -v clang-format-14 >/dev/null || skip "clang-format-14 is not installed"
while read -r file; do
  found "${file#"$root"/} is not laid out by clang-format-14"
done < <(clang-format-14 --dry-run $(c_files "${rooms[@]}" tests examples) 2>&1 |
  sed -n 's/^\(\/[^:]*\):[0-9]*:[0-9]*: warning: .*/\1/p' | sort -u)
finish
