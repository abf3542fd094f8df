#!/bin/bash
# Each fault that hardening.sh looks for, in a program that has no other.
set -euo pipefail
here=$(cd -- "$(dirname -- "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

cat >"$work/seeded.c" <<'SEED'
#include <stdio.h>
#include <string.h>
int main(int argc, char **argv) {
  char text[16];
  snprintf(text, (size_t)argc * 4, "%s", argv[0]);
  memcpy(text, argv[argc - 1], (size_t)argc);
  return puts(text);
}
SEED

compile=(-O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong)
link=(-pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
if [ "$(uname -m)" = x86_64 ]; then
  compile+=(-fcf-protection=full) link+=(-Wl,-z,shstk)
fi

# said FLAG...: what hardening.sh says of the program with more flags
said() {
  "${CC:-cc}" -w "${compile[@]}" -fPIE "$work/seeded.c" -o "$work/seeded" \
    "${link[@]}" "$@"
  bash "$here/hardening.sh" "$work/seeded" main || true
}

# finds WHAT FLAG...: that, and nothing else
finds() {
  local what=$1 found
  shift
  found=$(said "$@")
  if [ "$found" != "seeded: $what" ]; then
    echo "with $*: ${found:-nothing} in place of: $what"
    failed=1
  fi
}

found=$(said)
[ -z "$found" ] || { echo "with nothing wrong: $found"; failed=1; }
finds "its address is fixed: no PIE" -no-pie -fno-PIE
finds "RELRO is not full: no BIND_NOW" -Wl,-z,lazy
finds "its stack is executable" -Wl,-z,execstack
finds "it looks for libraries where anybody may put them" -Wl,-rpath,/tmp
finds "no stack protector" -fno-stack-protector
finds "no _FORTIFY_SOURCE" -U_FORTIFY_SOURCE
if [ "$(uname -m)" = x86_64 ]; then
  finds "main is no target of an indirect call: no IBT" -fcf-protection=none
fi
found=$(said -Wl,-z,norelro)
[[ $found == *"no RELRO"* ]] || { echo "norelro: ${found:-nothing}"; failed=1; }
exit "$failed"
