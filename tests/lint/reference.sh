# Doxygen makes a reference of the public headers in which every function has
# its comment, and understands all of the comments. Of types and constants many
# say by their names and fields what they are: those may stand alone.
. "$(dirname -- "$0")/lib.sh"

command -v doxygen >/dev/null || skip "doxygen is not installed"
"$root/docs/doxygen/make" "$work/reference" 2>"$work/warnings" ||
  found "doxygen fails"
while read -r warning; do
  case $warning in
  *"(function)"*"is not documented"*) ;;
  *"is not documented"* | '') continue ;;
  esac
  found "${warning#"$root"/}"
done <"$work/warnings"
for header in $(public_headers); do
  page=$(basename "$header" .h | sed 's/_/__/g')_8h.html
  [ -s "$work/reference/html/$page" ] || found "no page of $header"
done
finish
