#!/bin/bash
# hardening.sh FILE [FUNCTION]: what is missing in a program or shared library
# that was to be hardened, a line each; exits 1 when something is. FUNCTION, if
# given, is one that must begin as the target of an indirect call.
set -euo pipefail
file=$1 function=${2:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
missing=0

missing() {
  printf '%s: %s\n' "${file##*/}" "$*"
  missing=1
}

export LC_ALL=C
readelf -hldnW "$file" >"$work/headers"
readelf --dyn-syms -W "$file" >"$work/symbols"

grep -q 'Type: *DYN' "$work/headers" || missing "its address is fixed: no PIE"
grep -q 'GNU_RELRO' "$work/headers" || missing "no RELRO"
grep -Eq 'BIND_NOW|Flags:.* NOW' "$work/headers" ||
  missing "RELRO is not full: no BIND_NOW"
grep -Eq 'GNU_STACK .* RW +0x' "$work/headers" ||
  missing "its stack is executable"
! grep -Eq 'LOAD .* RWE' "$work/headers" ||
  missing "it has memory that is written and executed"
! grep -Eq 'TEXTREL' "$work/headers" || missing "its code is relocated"
! grep -Eq '\((RPATH|RUNPATH)\).*\[[^$]' "$work/headers" ||
  missing "it looks for libraries where anybody may put them"
grep -q ' __stack_chk_fail' "$work/symbols" || missing "no stack protector"
grep -Eq ' __[a-z]+_chk(@|$)' "$work/symbols" || missing "no _FORTIFY_SOURCE"
case $(uname -m) in
x86_64)
  grep -q 'x86 feature:.*SHSTK' "$work/headers" || missing "no shadow stack"
  if [ -n "$function" ]; then
    objdump -d --no-show-raw-insn --disassemble="$function" "$file" \
      >"$work/code"
    grep -A1 "<$function>:" "$work/code" | grep -q endbr64 ||
      missing "$function is no target of an indirect call: no IBT"
  fi
  ;;
esac
exit "$missing"
