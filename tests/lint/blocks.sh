# Each block of the documents says what it is in, and what is a shell's or YAML
# can be read as that; what a scrape configuration means Prometheus says, where
# promtool is installed. All of them are run by tests/docs/blocks.
. "$(dirname -- "$0")/lib.sh"

awk -v out="$work" '
  FNR == 1 { inside = 0; blank = 1 }
  /^```/ && inside { inside = 0; close(file); blank = 0; next }
  /^```/ {
    inside = 1
    kind = substr($0, 4)
    if (kind !~ /^(c|cmake|console|diff|json|sh|text|yaml)$/)
      print FILENAME ":" FNR ": a block of \"" kind "\"" >(out "/wrong")
    file = sprintf("%s/%03d.%s", out, ++n, kind)
    print FILENAME ":" FNR >(file ".place")
    printf "" >file
    next
  }
  inside { print >file; next }
  blank && /^    [^ ]/ && !listed {
    print FILENAME ":" FNR ": a block without its language" >(out "/wrong")
  }
  /^$/ { blank = 1; next }
  { blank = 0; listed = /^( *[-*] | *[0-9]+\. )/ || listed && /^ / }' \
  "$root"/{README,CONTRIBUTING,SECURITY,CHANGELOG}.md "$root"/docs/*.md

while read -r place; do
  found "${place#"$root"/}"
done < <(cat "$work/wrong" 2>/dev/null)

# wrong BLOCK WHAT...
wrong() {
  local place
  place=$(cat "$1.place")
  found "${place#"$root"/}: ${*:2}"
}

shells=0 yamls=0
for block in "$work"/*.sh; do
  shells=$((shells + 1))
  bash -n "$block" 2>"$work/said" || wrong "$block" "$(cat "$work/said")"
done
for block in "$work"/*.console; do
  shells=$((shells + 1))
  sed -n 's/^\$ //p' "$block" >"$work/commands"
  [ -s "$work/commands" ] || wrong "$block" "no command"
  bash -n "$work/commands" 2>"$work/said" || wrong "$block" "$(cat "$work/said")"
done
for block in "$work"/*.yaml; do
  yamls=$((yamls + 1))
  if command -v promtool >/dev/null && grep -q '^scrape_configs:' "$block"; then
    promtool check config --syntax-only "$block" >"$work/said" 2>&1 ||
      wrong "$block" "$(cat "$work/said")"
  else
    left_out=" promtool is not installed: YAML is not read"
  fi
done
echo "read: $shells blocks of commands, $yamls of YAML;${left_out:-}"
finish
