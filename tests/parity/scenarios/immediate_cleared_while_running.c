#include "scenario.h"

static async_local_storage_t *storage;

static void on_immediate(async_immediate_t *immediate) {
  trace_store("before", storage);
  async_immediate_stop(immediate);
  trace_store("after", storage);
}

static void start(void *arg) {
  (void)arg;
  set_immediate(on_immediate);
}

SCENARIO(immediate_cleared_while_running) {
  static const char *const stores[] = {"a", "b", "c"};
  storage = make_storage();
  trace_start();
  for (size_t i = 0; i < 3; i++) {
    run_with(storage, stores[i], start, NULL);
  }
}
