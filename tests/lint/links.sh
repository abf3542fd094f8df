# What the documents link to inside of the tree is there: files, and headings in
# them. Pages elsewhere are not asked for.
. "$(dirname -- "$0")/lib.sh"

mapfile -t pages < <(find "$root" -name '*.md' -not -path "$root/build/*" \
  -not -path '*/node_modules/*' | sort)
declare -A anchors
links=()
while read -r kind page rest; do
  case $kind in
  anchor) anchors[$page#$rest]=1 ;;
  link) links+=("$page $rest") ;;
  esac
done < <(awk -f "$(dirname -- "$0")/links.awk" "${pages[@]}")

for link in "${links[@]}"; do
  read -r page line target <<<"$link"
  place="${page#"$root"/}:$line"
  case $target in
  http:* | https:* | mailto:*) continue ;;
  '#'*) file=$page ;;
  *) file=$(realpath -ms "${page%/*}/${target%%#*}") ;;
  esac
  if [ ! -e "$file" ]; then
    found "$place: there is no $target"
  elif [[ $target == *'#'* && -z ${anchors[$file#${target#*#}]-} ]]; then
    found "$place: there is no heading $target"
  fi
done
[ ${#links[@]} -gt 0 ] || found "no document links to anything"
finish
