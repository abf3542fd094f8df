# includes.sh ROOM: every header that the compiler reads for the room's sources
# is one the room may see.
. "$(dirname -- "$0")/include_rules.sh"

sources=0
while IFS=$'\t' read -r file command; do
  sources=$((sources + 1))
  while read -r violation; do
    found "$violation"
  done < <(violations "$1" "$command" "$file")
done < <(commands_of "$1")
[ "$sources" -gt 0 ] || found "$1 has no sources"
finish
