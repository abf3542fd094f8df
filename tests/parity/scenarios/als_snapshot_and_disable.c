#include "scenario.h"

static async_local_storage_t *storage;
static async_local_storage_snapshot_t before, inside, after;

static int show(void *text) {
  trace_store(text, storage);
  return 0;
}

static void in_snapshot(async_local_storage_snapshot_t *snapshot,
                        const char *text) {
  MUST(async_local_storage_snapshot_run(snapshot, show,
                                        (void *)(uintptr_t)text));
}

static void in_inner(void *arg) {
  (void)arg;
  MUST(async_local_storage_snapshot(&inside));
  async_local_storage_disable(storage);
  MUST(async_local_storage_snapshot(&after));
  trace_store("disabled", storage);
  in_snapshot(&inside, "inside, in the run");
}

static void in_outer(void *arg) {
  (void)arg;
  MUST(async_local_storage_snapshot(&before));
  run_with(storage, "inner", in_inner, NULL);
  trace_store("outer again", storage);
}

static void finish(void *arg) {
  async_local_storage_finish(arg);
}

static void finish_snapshot(void *snapshot) {
  async_local_storage_snapshot_finish(snapshot);
}

static void make_default(void) {
  static char value[] = "default";
  async_local_storage_options_t options = {.default_value = value};
  storage = scenario_alloc(sizeof(*storage));
  MUST(async_local_storage_init(storage, &options));
  scenario_at_end(finish, storage);
  scenario_at_end(finish_snapshot, &before);
  scenario_at_end(finish_snapshot, &inside);
  scenario_at_end(finish_snapshot, &after);
}

SCENARIO(als_snapshot_and_disable) {
  make_default();
  run_with(storage, "outer", in_outer, NULL);
  in_snapshot(&before, "before");
  in_snapshot(&inside, "inside");
  in_snapshot(&after, "after");
  async_local_storage_disable(storage);
  in_snapshot(&before, "before, disabled outside");
  enter_with(storage, "entered");
  in_snapshot(&after, "after, entered outside");
  async_local_storage_disable(storage);
  trace_store("end", storage);
}
