# Sourced: the blocks of a document, and how an answer is held against the one
# that it shows.

# Each block of a document as NNN.body, NNN.kind (its language) and NNN.line in
# $work, numbered from 001.
cut_blocks() {
  rm -f "$work"/[0-9]*.*
  awk -v work="$work" '
    /^```/ && inside { inside = 0; close(out); next }
    /^```/ { inside = 1; out = sprintf("%s/%03d.body", work, ++n); printf "" >out
      print substr($0, 4) >sprintf("%s/%03d.kind", work, n)
      print FNR >sprintf("%s/%03d.line", work, n); next }
    inside { print >out }' "$1"
}

# next_block NNN: the number behind it
next_block() {
  printf %03d $((10#$1 + 1))
}

# kind_of NNN: its language; nothing where there is no such block
kind_of() {
  cat "$work/$1.kind" 2>/dev/null || true
}

# Times with their unit, dates, then all numbers, then the columns they are set
# in, and empty lines; ids of traces and spans are hexadecimal numbers.
masked() {
  sed -E 's/\b[0-9a-f]{16}([0-9a-f]{16})?\b/N/g; s/[0-9.]+ (us|ms|s|min|h)\b/T/g
    s/[0-9.]+(us|ms|s|min|h)\b/T/g; s/[0-9]+/N/g; s/ +/ /g; s/ $//; /^$/d' "$@"
}

# Each path that leads to something in a document, numbers of elements left out.
keys_of() {
  jq -r '[paths | map(if type == "number" then "[]" else . end) | join(".")] |
    unique[]' "$1"
}

# same_shape KIND SHOWN NOW: says what differs
same_shape() {
  case $1 in
  json) diff <(keys_of "$2") <(keys_of "$3") ;;
  *) diff <(masked "$2") <(masked "$3") ;;
  esac
}
