#include "scenario.h"

static async_local_storage_t *storage;

static void outside(async_timeout_t *timer) {
  (void)timer;
  trace_store("timer of a run, disabled outside", storage);
}

static void before(async_timeout_t *timer) {
  (void)timer;
  trace_store("timer before disable inside", storage);
}

static void after(async_timeout_t *timer) {
  (void)timer;
  trace_store("timer after disable inside", storage);
}

static void first_run(void *arg) {
  (void)arg;
  set_timeout(outside, 1);
}

static void second_run(void *arg) {
  (void)arg;
  set_timeout(before, 20);
  async_local_storage_disable(storage);
  set_timeout(after, 40);
}

SCENARIO(als_disable_keeps_older_frames) {
  storage = make_storage();
  run_with(storage, "z", first_run, NULL);
  async_local_storage_disable(storage);
  run_with(storage, "y", second_run, NULL);
}
