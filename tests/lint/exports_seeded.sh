# exports_seeded.sh ARCHIVE: a library of the same objects and one more symbol
# does not pass.
. "$(dirname -- "$0")/exports_lib.sh"

cat >"$work/seeded.c" <<'SEED'
__attribute__((visibility("default"))) int async_seeded(void);
int async_seeded(void) {
  return 0;
}
SEED
"$CC" -shared -fPIC -o "$work/libseeded.so" "$work/seeded.c" \
  -Wl,--whole-archive "$1" -Wl,--no-whole-archive -luv -lpthread

said=$(compare_exports "$work/libseeded.so")
case $said in
*"declared in no public header: async_seeded"*) ;;
*) found "the seeded symbol was not found: ${said:-no complaint}" ;;
esac
finish
