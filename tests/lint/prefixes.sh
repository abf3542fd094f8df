# prefixes.sh ARCHIVE: whoever links it statically gets none of our names in
# the way of theirs. DW.ref.* are the compiler's and _.stapsdt.base is that of
# static probes, weak and hidden: the same in every program.
. "$(dirname -- "$0")/lib.sh"

nm -g --defined-only "$1" 2>/dev/null | awk \
  'NF == 3 && $3 !~ /^DW\.ref\.|^_\.stapsdt\.base$/ { print $3 }' |
  sort -u >"$work/symbols"
[ -s "$work/symbols" ] || found "$1 defines no symbol"
while read -r name; do
  found "no prefix of ours: $name"
done < <(grep -vE '^(async_|worker_|asyncscope_)' "$work/symbols")
finish
