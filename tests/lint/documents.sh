# docs/node-documents.md names what is there: each row of its tables names a
# scenario, an exception, a unit test or an example, or says that C has nothing
# of the kind; and each of them exists. Each exception is named there.
. "$(dirname -- "$0")/lib.sh"

page=$root/docs/node-documents.md
declare -A known

# know KIND NAME...
know() {
  local kind=$1 name
  shift
  for name in "$@"; do
    known[$kind/$name]=1
  done
}

stems() {
  local file
  for file in "$@"; do
    file=${file##*/}
    printf '%s\n' "${file%.*}"
  done
}

know parity $(stems "$root"/tests/parity/scenarios/*.js)
know exception $(grep -v '^#' "$root/tests/parity/exceptions.list" | cut -d' ' -f1)
know example $(stems "$root"/examples/*.c)
know test $(find "$root/tests/unit" -name '*.c' -exec cat {} + |
  grep -oE '^static void [a-z0-9_]+\(void \*\*state\)|^static void [a-z0-9_]+\($' |
  sed 's/^static void //; s/(.*//')

line=0 table=0
while IFS= read -r row; do
  line=$((line + 1))
  [[ $row == '| '* ]] || { table=0; continue; }
  table=$((table + 1))
  [ "$table" -gt 2 ] || continue # the head, and the rule below it
  mapfile -t names < <(grep -oE '\b(parity|exception|example|test)/[a-z0-9_]+' <<<"$row")
  for name in "${names[@]}"; do
    [ -n "${known[$name]-}" ] || found "docs/node-documents.md:$line: no $name"
  done
  [ ${#names[@]} -gt 0 ] || [[ $row == *'| not in C: '* ]] ||
    found "docs/node-documents.md:$line: a row that names nothing"
done <"$page"
for name in "${!known[@]}"; do
  [[ $name != exception/* ]] || grep -q "$name\b" "$page" ||
    found "docs/node-documents.md does not name $name"
done
finish
