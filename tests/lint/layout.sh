# .clang-format decides the layout, as version 14 understands it.
. "$(dirname -- "$0")/lib.sh"

command -v clang-format-14 >/dev/null || skip "clang-format-14 is not installed"
for file in $(c_files "${rooms[@]}" tests); do
  clang-format-14 --dry-run -Werror "$file" >/dev/null 2>&1 ||
    found "${file#"$root"/} is not laid out by clang-format-14"
done
finish
