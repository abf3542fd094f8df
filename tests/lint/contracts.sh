# Each public function has a contract: on which thread it may be called, whether
# in a hook, which errors it can answer, who owns what, and which name of Node's
# or libuv's it mirrors. What holds for most functions of a header stands once,
# in its opening comment, under
#
#   Unless a function says otherwise:
#     Thread: ...
#     In hooks: ...
#     Errors: ...
#     Memory: ...
#     Node: ...
#
# A function's own comment, or that of the group it stands in, says only what
# differs, under the same words. Without the opening's line a function needs its
# own: Errors where it answers an int, Memory where a pointer goes in or out,
# the others always.
#
# What can be looked up must be right: an error that is named exists in libuv,
# and where a header says that names are libuv's, libuv has each of them, or the
# function's comment names what it mirrors.
. "$(dirname -- "$0")/lib.sh"

uv_headers=$(printf '#include <uv.h>\n' | "${CC:-cc}" -E -dD -D_GNU_SOURCE -x c -) ||
  skip "uv.h is not installed"
grep -oE '\bUV_E[A-Z0-9_]+' <<<"$uv_headers" | sort -u >"$work/errors"
grep -oE '\buv_[a-z0-9_]+ *\(' <<<"$uv_headers" | tr -d ' (' | sort -u >"$work/names"

while read -r place; do
  found "${place#"$root"/}"
done < <(awk -f "${BASH_SOURCE[0]%/*}/contracts.awk" -v errors="$work/errors" \
  -v names="$work/names" $(public_headers))
finish
