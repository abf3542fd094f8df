# headers.sh COMPILER STANDARD LANGUAGE: each public header compiles alone, and
# all of them together. _GNU_SOURCE is what uv.h asks for under -std=c11.
. "$(dirname -- "$0")/lib.sh"

command -v "$1" >/dev/null || skip "$1 is not installed"

compiles() {
  "$compiler" -std="$standard" -x "$language" -D_GNU_SOURCE -fsyntax-only \
    -Wall -Wextra -Wshadow -pedantic -Werror \
    -I"$root/hooks/include" -I"$root/als/include" \
    -I"$root/worker_pool/include" -I"$root/server/debug/include" \
    -I"$root/server/listener/include" -I"$root/server/otlp/include" "$1"
}

compiler=$1 standard=$2 language=$3
for header in $(public_headers); do
  printf '#include "asyncscope/%s"\nint main(void);\n' "${header##*/}" \
    >"$work/one.c"
  compiles "$work/one.c" || found "${header#"$root"/} does not compile alone"
  printf '#include "asyncscope/%s"\n' "${header##*/}" >>"$work/all.c"
done
cat "$work/all.c" "$work/all.c" >"$work/twice.c"
compiles "$work/twice.c" || found "the headers do not compile together"
finish
