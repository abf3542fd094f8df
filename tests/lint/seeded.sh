# Each of the lints that read the sources finds what was put into a tree for it
# to find, and nothing in the same tree without that.
. "$(dirname -- "$0")/lib.sh"

here=$(cd -- "$(dirname -- "$0")" && pwd)
tree=$work/tree

# finds LINT DIRECTORY LINE...: in a file of that directory made of the lines
finds() {
  local lint=$1 directory=$2 line
  shift 2
  rm -rf "$tree"
  mkdir -p "$tree"/{hooks,als,worker_pool,server,tests,examples,"$directory"}
  printf 'int main(void);\n' >"$tree/$directory/seeded.c"
  SOURCE_DIR=$tree bash "$here/$lint.sh" >"$work/said" ||
    found "$lint complains of a file that is well: $(cat "$work/said")"
  for line in "$@"; do
    printf '%s\n' "$line"
  done >"$tree/$directory/seeded.c"
  if SOURCE_DIR=$tree bash "$here/$lint.sh" >"$work/said"; then
    found "$lint does not find: $1"
  elif ! grep -q 'seeded\.c' "$work/said"; then
    found "$lint does not name the file: $(cat "$work/said")"
  fi
}

for name in sprintf vsprintf strcpy strcat strtok gets atoi alloca; do
  finds functions hooks "int f(void) { return $name(0); }"
  finds functions tests "int f(void) { return $name (0); }"
done
for name in sleep usleep nanosleep uv_sleep; do
  finds functions tests "int f(void) { return $name(1); }"
done
for name in malloc calloc realloc free strdup; do
  finds functions server "int f(void) { $name(1); }"
done
finds functions examples "int f(void) { return sprintf(0); }"
finds words als '/* TODO */'
finds words tests '  // FIXME: later'
finds words worker_pool '#if 0' '#endif'
finds words server 'const char *s = "{\"live\": %d}";'
mapfile -t lines < <(yes 'int x;' | sed 401q)
finds length hooks "${lines[@]}"
if command -v clang-format-14 >/dev/null; then
  cp "$root/.clang-format" "$work/"
  finds layout hooks 'int  main( void )  ;'
fi

# header LINT LINE...: whether the lint is content with such a header
header() {
  local lint=$1
  shift
  rm -rf "$tree"
  mkdir -p "$tree"/{hooks,als,worker_pool,server/debug,server/listener,server/otlp}/include/asyncscope
  mkdir "$tree/docs"
  cp -r "$root/docs/doxygen" "$tree/docs/"
  cp "$root/hooks/include/asyncscope/async_version.h" "$tree/hooks/include/asyncscope/"
  printf '%s\n' "$@" >"$tree/hooks/include/asyncscope/seeded.h"
  SOURCE_DIR=$tree bash "$here/$lint.sh" >"$work/said"
}
header comments '/* Says it. */' 'ASYNC_EXTERN int f(void);' \
  'ASYNC_EXTERN int g(void);' ||
  found "comments complains of a header that is well: $(cat "$work/said")"
header comments '/* Says it. */' 'ASYNC_EXTERN int f(void);' '' \
  'ASYNC_EXTERN int g(void);' &&
  found "comments does not find a function without a comment"
grep -q 'seeded\.h:4:' "$work/said" ||
  found "comments does not name the place: $(cat "$work/said")"

# undocumented WHAT LINE...: without a comment at what has that name
undocumented() {
  local what=$1
  shift
  if header reference '/* It. */' '' "$@"; then
    found "reference does not find what has no comment: $what"
  elif ! grep -q "seeded\.h:[0-9]*: .*$what.* is not documented" "$work/said"; then
    found "reference does not say that $what has none, but $(cat "$work/said")"
  fi
}
if command -v doxygen >/dev/null; then
  whole=('/* One. */' '#define ONE 1' '/* Kind. */' 'typedef enum kind_e {'
    '  KIND_A, /* a */' '  KIND_B  /* b */' '} kind_t;' '' '/* Pair. */'
    'typedef struct pair_s {' '  int a, b; /* both */' '  /* its */' '  void (*cb)(void);'
    '  /* private */' '  int hidden;' '} pair_t;' '' '/* Makes it. */' 'int make(void);')
  header reference '/* It. */' '' "${whole[@]}" ||
    found "reference complains of a header that is well: $(cat "$work/said")"
  undocumented ONE "${whole[@]:1}"
  undocumented kind_t "${whole[@]:0:2}" '' "${whole[@]:3}"
  undocumented KIND_B "${whole[@]:0:5}" '  KIND_B' "${whole[@]:6}"
  undocumented pair_t "${whole[@]:0:8}" "${whole[@]:9}"
  undocumented b "${whole[@]:0:10}" '  int a, b;' "${whole[@]:11}"
  undocumented cb "${whole[@]:0:11}" "${whole[@]:12}"
  undocumented hidden "${whole[@]:0:13}" "${whole[@]:14}"
  undocumented make "${whole[@]:0:17}" "${whole[@]:18}"
fi

opening=('/* It.' ' *' ' * Unless a function says otherwise:' ' *   Thread: any.'
  ' *   In hooks: yes.' ' *   Errors: UV_EINVAL, UV_ENOMEM.'
  ' *   Memory: the caller'"'"'s.' ' *   Node: none; libuv: the function of the same name. */')

# contract LINE...: behind an opening that says all
contract() {
  header contracts "${opening[@]}" '' "$@"
}
# uncontracted WORD WHAT LINE...: the same without that line, and WHAT is said
uncontracted() {
  local word=$1 what=$2 line kept=()
  shift 2
  for line in "${opening[@]}"; do
    [[ $line == *" $word:"* ]] && [ "$word" != none ] || kept+=("$line")
  done
  [[ ${kept[-1]} == *'*/' ]] || kept+=(' */')
  if header contracts "${kept[@]}" '' "$@"; then
    found "contracts does not find what is missing: $what"
  elif ! grep -q "seeded\.h:[0-9]*: .*$what" "$work/said"; then
    found "contracts does not say: $what, but $(cat "$work/said")"
  fi
}
if command -v "${CC:-cc}" >/dev/null && header contracts '/* It. */'; then
  contract '/* Starts it. */' 'ASYNC_EXTERN int async_uv_run(uv_loop_t *loop);' &&
    contract '/* Node: start(). */' 'ASYNC_EXTERN void' 'async_started(void);' ||
    found "contracts complains of headers that are well: $(cat "$work/said")"
  for word in Thread 'In hooks' Errors Memory Node; do
    uncontracted "$word" "async_uv_run: $word is not said" '/* Starts it. */' \
      'ASYNC_EXTERN int async_uv_run(uv_loop_t *loop);'
  done
  uncontracted none 'libuv has no UV_ENOSUCH' '/* Errors: UV_ENOSUCH. */' \
    'ASYNC_EXTERN int async_uv_run(uv_loop_t *loop);'
  uncontracted none 'libuv has no uv_such_thing' '/* Starts it. */' \
    'ASYNC_EXTERN int async_uv_such_thing_at(void);'
  contract '/* Says it. */' 'ASYNC_EXTERN int async_uv_such_thing(void);' &&
    found "contracts takes a name that libuv has not"
  header contracts '/* It. */' '' '/* Bare. */' 'ASYNC_EXTERN int async_uv_run(void);' &&
    found "contracts takes a function without any contract"
  header contracts '/* It. */' '' '/* Whole.' ' * Thread: any. In hooks: yes.' \
    ' * Errors: none. Node: f(). */' 'ASYNC_EXTERN int async_uv_run(void);' ||
    found "contracts complains of a function that says all: $(cat "$work/said")"
fi

# page ROW...: whether the lint of the documents is content with such a table
page() {
  rm -rf "$tree"
  mkdir -p "$tree"/{docs,examples,tests/unit,tests/parity/scenarios}
  touch "$tree/tests/parity/scenarios/scene.js" "$tree/examples/shown.c"
  printf '# why\nother a reason\n' >"$tree/tests/parity/exceptions.list"
  printf 'static void tried(void **state) {\n' >"$tree/tests/unit/all_test.c"
  printf '%s\n' '| it | in C |' '| --- | --- |' '| a | `exception/other` |' "$@" \
    >"$tree/docs/node-documents.md"
  SOURCE_DIR=$tree bash "$here/documents.sh" >"$work/said"
}
page '| b | `parity/scene` `test/tried` `example/shown` |' \
  '| c | not in C: no classes |' ||
  found "documents complains of a page that is well: $(cat "$work/said")"
for row in '| b | `parity/gone` |' '| b | `test/gone` |' '| b | `example/gone` |' \
  '| b | `exception/gone` |' '| b | holds |'; do
  page "$row" && found "documents does not find: $row"
  grep -q 'node-documents\.md:4: ' "$work/said" ||
    found "documents does not name the place of $row: $(cat "$work/said")"
done
page '| b | `parity/scene` |'
sed -i '/exception/d' "$tree/docs/node-documents.md"
SOURCE_DIR=$tree bash "$here/documents.sh" >/dev/null &&
  found "documents does not find an exception that the page leaves out"
# blocks WELL|BROKEN LINE...: of a page
blocks() {
  local wanted=$1
  shift
  rm -rf "$tree"
  mkdir -p "$tree/docs"
  : | tee "$tree"/{README,CONTRIBUTING,SECURITY,CHANGELOG}.md
  printf '%s\n' '# Page' '' "$@" >"$tree/docs/seeded.md"
  if SOURCE_DIR=$tree bash "$here/blocks.sh" >"$work/said"; then
    [ "$wanted" = WELL ] || found "blocks does not find: $*"
  else
    [ "$wanted" = BROKEN ] || found "blocks complains of: $* $(cat "$work/said")"
  fi
}

blocks WELL '```sh' 'if true; then :; fi' '```' '' '- a list' '' '    goes on'
blocks WELL '```console' '$ true' 'it shows' '```' '```text' 'drawn' '```'
blocks BROKEN '```sh' 'if true' '```'
blocks BROKEN '```console' '$ echo "' '```'
blocks BROKEN '```console' 'no command' '```'
blocks BROKEN '```' 'of what?' '```'
blocks BROKEN '    of what?'
if command -v promtool >/dev/null; then
  blocks BROKEN '```yaml' 'scrape_configs: [{no_such_field: 1}]' '```'
fi

# links WELL|BROKEN LINE: of a page with the heading "A `b`, twice" two times
links() {
  rm -rf "$tree"
  mkdir -p "$tree/docs"
  printf '# A `b`, twice\n## A `b`, twice\n[x](../README.md)\n%s\n' "$2" \
    >"$tree/docs/seeded.md"
  : >"$tree/README.md"
  if SOURCE_DIR=$tree bash "$here/links.sh" >"$work/said"; then
    [ "$1" = WELL ] || found "links does not find: $2"
  else
    [ "$1" = BROKEN ] || found "links complains of: $2"
  fi
}

links WELL '[x](#a-b-twice) [x](#a-b-twice-1) [x](../README.md) `[x](none.md)`'
links WELL '[x](https://example.org/none) [x](seeded.md#a-b-twice)'
links BROKEN '[x](none.md)'
links BROKEN '[x](../README.md) and [y](../docs/none.png)'
links BROKEN '[x](#a-b-twice-2)'
links BROKEN '[x](../README.md#none)'
finish
