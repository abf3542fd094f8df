#!/bin/bash
# clang-tidy and cppcheck, as they are run here, find what was put into a file
# for them to find, and nothing in the same file without that.
set -euo pipefail
here=$(cd -- "$(dirname -- "$0")" && pwd)
root=$(cd -- "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
export ANALYSIS_ROOT=$work
mkdir "$work/hooks"
cp "$root/.clang-tidy" "$work/"
cat >"$work/compile_commands.json" <<DATABASE
[
{ "directory": "$work",
  "command": "cc -std=c11 -D_GNU_SOURCE -Wcast-align=strict -I$root/hooks/include -c hooks/seeded.c",
  "file": "$work/hooks/seeded.c"
}
]
DATABASE

# finds TOOL WHAT LINE: in a function of a file
finds() {
  local tool=("${@:1:1}") what=$2 line=$3 said
  case $1 in
  tidy) tool=(bash "$here/tidy.sh" "$work" '^hooks/') ;;
  cppcheck) tool=(bash "$here/cppcheck.sh" hooks) ;;
  esac
  write 'return size + (text == 0);'
  said=$("${tool[@]}" 2>&1) || { echo "$1, with nothing wrong: $said"; failed=1; }
  write "$line"
  if said=$("${tool[@]}" 2>&1) || [[ $said != *"[$what"* ]]; then
    echo "$1 does not find $what in: $line: ${said:-no complaint}"
    failed=1
  fi
}

write() {
  printf '#include <stdlib.h>\n#include <string.h>\n' >"$work/hooks/seeded.c"
  printf 'int seeded(const char *text, int size);\n' >>"$work/hooks/seeded.c"
  printf 'int seeded(const char *text, int size) {\n  %s\n}\n' "$1" \
    >>"$work/hooks/seeded.c"
}

finds tidy clang-analyzer-core.NullDereference \
  'if (text == 0) size = *text; return size;'
finds tidy clang-analyzer-unix.Malloc \
  'char *copy = malloc(8); return copy == 0 ? size : *text;'
finds tidy bugprone-suspicious-memset-usage \
  'char copy[8]; memset(copy, size, 0); return copy[0] + *text;'
finds tidy cert-err33-c 'malloc(8); return size + *text;'
finds tidy bugprone-sizeof-expression \
  'return size + (int)sizeof(sizeof(text));'
finds cppcheck memleak 'char *copy = malloc(8); return size + *text + (copy == 0);'
finds cppcheck uninitvar 'int other; return size + *text + other;'
finds cppcheck arrayIndexOutOfBounds \
  'char copy[8] = ""; copy[8] = *text; return size + copy[0];'
exit "$failed"
