#include "scenario.h"

static async_local_storage_t *storage;

static void on_timeout(async_timeout_t *timer) {
  (void)timer;
  trace_store("timer of inner", storage);
}

static void in_inner(void *arg) {
  (void)arg;
  trace_store("in inner", storage);
  set_timeout(on_timeout, 1);
}

static int in_exit(void *arg) {
  (void)arg;
  trace_store("in exit", storage);
  return 0;
}

static void in_outer(void *arg) {
  trace_print("argument %s", (const char *)arg);
  trace_store("in outer", storage);
  run_with(storage, "inner", in_inner, NULL);
  trace_store("outer again", storage);
  MUST(async_local_storage_exit(storage, in_exit, NULL));
  trace_store("outer at last", storage);
}

SCENARIO(als_nested_runs) {
  static char given[] = "given";
  storage = make_storage();
  trace_store("outside", storage);
  run_with(storage, "outer", in_outer, given);
  trace_store("outside again", storage);
}
