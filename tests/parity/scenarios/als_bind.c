#include "scenario.h"
#include <stdio.h>

static async_local_storage_t *storage;
static async_local_storage_bound_t bound;

static int called(void *arg) {
  char text[64];
  snprintf(text, sizeof(text), "called with %s", (const char *)arg);
  trace_store(text, storage);
  return 42;
}

static void bind_it(void *arg) {
  (void)arg;
  MUST(async_local_storage_bind(&bound, called));
}

static void call_it(void *arg) {
  trace_print("returned %d", async_local_storage_bound_call(&bound, arg));
  trace_store("caller", storage);
}

static void finish(void *arg) {
  async_local_storage_bound_finish(arg);
}

SCENARIO(als_bind) {
  static char argument[] = "argument";
  async_local_storage_bound_t none;
  storage = make_storage();
  trace_refused("not a function", async_local_storage_bind(&none, NULL));
  run_with(storage, "bound", bind_it, NULL);
  scenario_at_end(finish, &bound);
  run_with(storage, "caller", call_it, argument);
}
