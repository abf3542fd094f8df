# Sourced by every lint: where things are, and how a finding is reported.
set -euo pipefail
shopt -s nullglob

root=$SOURCE_DIR
rooms=(hooks als worker_pool server)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
findings=0

found() {
  printf '%s\n' "$*"
  findings=$((findings + 1))
}

finish() {
  [ "$findings" -eq 0 ]
}

skip() {
  printf 'left out: %s\n' "$*"
  exit 77
}

# The C files of the rooms, or of the directories named, one a line.
c_files() {
  local directory
  [ $# -gt 0 ] || set -- "${rooms[@]}"
  for directory in "$@"; do
    find "$root/$directory" -name '*.[ch]' | sort
  done
}

public_headers() {
  find "$root"/{hooks,als,worker_pool,server/debug,server/listener,server/otlp}/include/asyncscope \
    -name '*.h' | sort
}

# The lines of C files as FILE:LINE:CODE, without comments and quoted text.
code_of() {
  awk -f "${BASH_SOURCE[0]%/*}/code.awk" "$@"
}
