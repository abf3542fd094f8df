# One concept a file: none is longer than 400 lines.
. "$(dirname -- "$0")/lib.sh"

while read -r lines file; do
  found "${file#"$root"/} has $lines lines"
done < <(c_files "${rooms[@]}" tests examples | xargs wc -l |
  awk '$1 > 400 && $2 != "total"')
finish
