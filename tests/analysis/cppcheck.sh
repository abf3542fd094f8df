#!/bin/bash
# cppcheck.sh DIRECTORY...: what cppcheck says of them.
#
#   readdirCalled    each has a stream of its own, and readdir_r() is deprecated
#   missingInclude*  it need not see the headers of the system
set -euo pipefail
root=${ANALYSIS_ROOT:-$(cd -- "$(dirname -- "$0")/../.." && pwd)}

includes=()
for directory in {hooks,als,worker_pool,server/debug,server/listener}/include \
  hooks als server/{http,debug,listener,app} tests/{support,e2e,fuzz} \
  tests/unit/{hooks,server,server_debug}; do
  includes+=("-I$root/$directory")
done
cd "$root"
exec cppcheck -q -j "$(nproc)" --std=c11 --library=posix,gnu -D_GNU_SOURCE \
  --enable=warning,performance,portability --inline-suppr --error-exitcode=1 \
  --suppress=readdirCalled --suppress=missingInclude --suppress=missingIncludeSystem \
  --template='{file}:{line}: {severity}: {message} [{id}]' \
  "${includes[@]}" "$@"
