#!/bin/bash
# usage: warnings.sh COMPILER [FLAG...]
# A release built by COMPILER has no warning. The preset itself takes them for
# no errors: whoever builds it may have a compiler that knows more of them.
set -euo pipefail
root=$(cd -- "$(dirname -- "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cd "$root"
cmake --preset release -B "$work" -DCMAKE_C_COMPILER="$1" \
  -DASYNCSCOPE_WERROR=ON -DCMAKE_C_FLAGS="${*:2}"
cmake --build "$work" --parallel "$(nproc)"
