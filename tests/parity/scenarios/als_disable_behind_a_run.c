#include "scenario.h"

static async_local_storage_t *storage;

static void show(void *text) {
  trace_store(text, storage);
}

SCENARIO(als_disable_behind_a_run) {
  static char tick[] = "tick", run[] = "run";
  storage = make_storage();
  enter_with(storage, "entered");
  next_tick(show, tick);
  run_with(storage, "inner", show, run);
  async_local_storage_disable(storage);
}
