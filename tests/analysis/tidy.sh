#!/bin/bash
# tidy.sh BUILD PATTERN [PART PARTS]: clang-tidy, as .clang-tidy says, on the files
# of a build's compile_commands.json whose path below the root fits the pattern,
# or on one part of them, and on the headers that they include.
set -euo pipefail
here=$(cd -- "$(dirname -- "$0")" && pwd)
root=${ANALYSIS_ROOT:-$(cd -- "$here/../.." && pwd)}
build=$1 pattern=$2 part=${3:-1} parts=${4:-1}

files() {
  sed -n "s|^ *\"file\": \"$root/\(.*\)\",*\$|\1|p" "$build/compile_commands.json" |
    grep -E "$pattern" | sort -u | awk "NR % $parts == $part % $parts"
}

tidy() {
  # What gcc alone is told is unknown to clang.
  local known=--extra-arg-before=-Wno-unknown-warning-option
  local model=(--extra-arg=-include "--extra-arg=$here/model.h")
  case $1 in
  hooks/error.c | examples/porting/echo_uv.c) model=() ;; # they know none
  esac
  clang-tidy -quiet -p "$build" "$known" "${model[@]}" "$root/$1" 2>/dev/null
}

export -f tidy
export here root build
[ "$(files | wc -l)" -gt 0 ] || { echo "no file fits $pattern"; exit 1; }
cd "$root"
files | xargs -P "$(nproc)" -I{} bash -c 'tidy {}'
