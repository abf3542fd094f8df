# exports.sh LIBRARY [debug]: the shared library exports what its public headers
# declare, all of it and nothing else.
. "$(dirname -- "$0")/exports_lib.sh"
compare_exports "$1" "${2:-}"
finish
