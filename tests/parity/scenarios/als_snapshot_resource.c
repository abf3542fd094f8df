#include "scenario.h"

static async_local_storage_t *storage;
static async_local_storage_snapshot_t snapshot;

static void take(void *arg) {
  (void)arg;
  MUST(async_local_storage_snapshot(&snapshot));
}

static int in_it(void *arg) {
  (void)arg;
  trace_where("in it");
  trace_store("in it", storage);
  return 0;
}

static void finish(void *arg) {
  async_local_storage_snapshot_finish(arg);
}

SCENARIO(als_snapshot_resource) {
  trace_start();
  storage = make_storage();
  run_with(storage, "captured", take, NULL);
  scenario_at_end(finish, &snapshot);
  MUST(async_local_storage_snapshot_run(&snapshot, in_it, NULL));
}
