# One concept a file: none is longer than 400 lines.
. "$(dirname -- "$0")/lib.sh"

for file in $(c_files "${rooms[@]}" tests examples); do
  lines=$(wc -l <"$file")
  [ "$lines" -le 400 ] || found "${file#"$root"/} has $lines lines"
done
finish
