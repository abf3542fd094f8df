#include "scenario.h"

static async_local_storage_t *storage;

static void in_inner(void *arg) {
  if (*(const int *)arg == 99) {
    trace_store("innermost", storage);
  }
}

static int in_exit(void *arg) {
  run_with(storage, "inner", in_inner, arg);
  if (*(const int *)arg == 99) {
    trace_store("in exit", storage);
  }
  return 0;
}

static void in_outer(void *arg) {
  MUST(async_local_storage_exit(storage, in_exit, arg));
}

SCENARIO(als_exit_does_not_leak) {
  storage = make_storage();
  for (int i = 0; i < 100; i++) {
    run_with(storage, "outer", in_outer, &i);
  }
  trace_store("outside", storage);
}
