#include "scenario.h"

static async_local_storage_t *storage;
static async_local_storage_snapshot_t snapshot;

static void take(void *arg) {
  (void)arg;
  MUST(async_local_storage_snapshot(&snapshot));
}

static int say(void *arg) {
  trace_store(arg, storage);
  return 0;
}

static int enters(void *arg) {
  enter_with(storage, "entered");
  return say(arg);
}

static void in_run(void *arg) {
  static char in[] = "in snapshot", entered[] = "entered in it";
  static char next[] = "nor to its next call";
  (void)arg;
  MUST(async_local_storage_snapshot_run(&snapshot, say, in));
  trace_store("outside of it", storage);
  MUST(async_local_storage_snapshot_run(&snapshot, enters, entered));
  trace_store("does not leak", storage);
  MUST(async_local_storage_snapshot_run(&snapshot, say, next));
}

static void finish(void *arg) {
  async_local_storage_snapshot_finish(arg);
}

SCENARIO(als_snapshot) {
  storage = make_storage();
  run_with(storage, "123", take, NULL);
  scenario_at_end(finish, &snapshot);
  run_with(storage, "321", in_run, NULL);
}
