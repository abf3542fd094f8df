# exports.sh LIBRARY: the shared library exports what the public headers
# declare, all of it and nothing else.
. "$(dirname -- "$0")/exports_lib.sh"
compare_exports "$1"
finish
