#include "scenario.h"

static async_local_storage_t *storage;

static void enters(void *arg) {
  (void)arg;
  enter_with(storage, "y");
}

static void in_run(void *arg) {
  (void)arg;
  const char *x = async_local_storage_get_store(storage);
  run_with(storage, x, enters, NULL);
  trace_store("the same value is not restored", storage);
}

SCENARIO(als_same_value_run) {
  storage = make_storage();
  run_with(storage, "x", in_run, NULL);
  trace_store("the outer is", storage);
}
