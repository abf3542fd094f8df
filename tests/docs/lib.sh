# Sourced: how an answer is held against the one that a document shows.

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
