#include "scenario.h"

static void on_release(void *store) {
  trace_print("released %s", (const char *)store);
}

static async_local_storage_t storage;

static int in_run(void *arg) {
  (void)arg;
  async_local_storage_disable(&storage);
  return 0;
}

static void on_timeout(async_timeout_t *timer) {
  (void)timer;
  trace_print("end");
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  async_local_storage_finish(&storage);
  set_timeout(on_timeout, 1);
}

SCENARIO(als_released_after_disable) {
  static char store[] = "the store";
  async_local_storage_options_t options = {.release = on_release};
  MUST(async_local_storage_init(&storage, &options));
  MUST(async_local_storage_run(&storage, store, in_run, NULL));
  async_local_storage_disable(&storage);
  set_immediate(on_immediate);
}
