# Doxygen makes a reference of the public headers, understands all of their
# comments, and finds one at each function, type, field, constant and macro.
. "$(dirname -- "$0")/lib.sh"

command -v doxygen >/dev/null || skip "doxygen is not installed"
"$root/docs/doxygen/make" "$work/reference" 2>"$work/warnings" ||
  found "doxygen fails"
# The filter adds a line at the head of each file.
while IFS=: read -r file line warning; do
  case $line in
  '' | *[!0-9]*) found "doxygen: $file:$line:$warning" ;;
  *) found "${file#"$root"/}:$((line - 1)):$warning" ;;
  esac
done <"$work/warnings"
# Doxygen of Debian 12 does not look at the constants of an enum.
while read -r place; do
  found "${place#"$root"/} is not documented"
done < <(awk '
  /^(typedef )?enum .*\{$/ { inside = 1; next }
  /^\}/ { inside = 0 }
  inside && /\/\*/ { said = 1 }
  inside && /^ +[A-Z0-9_]+[ ,]*(=.*)?(\/\*.*)?$/ {
    if (!said) print FILENAME ":" FNR ": Constant " $1
    said = 0
  }' $(public_headers))
for header in $(public_headers); do
  page=$(basename "$header" .h | sed 's/_/__/g')_8h.html
  [ -s "$work/reference/html/$page" ] || found "no page of $header"
done
finish
