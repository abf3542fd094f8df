# Each public function has a comment: its own, or one above the group it stands
# in without an empty line between.
. "$(dirname -- "$0")/lib.sh"

while read -r place; do
  found "${place#"$root"/}: a public function without a comment"
done < <(awk -f "${BASH_SOURCE[0]%/*}/comments.awk" $(public_headers))
finish
