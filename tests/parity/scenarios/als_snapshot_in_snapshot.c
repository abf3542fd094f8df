#include "scenario.h"

static async_local_storage_t *storage;
static async_local_storage_snapshot_t one, two, three;

static int show(void *arg) {
  (void)arg;
  trace_store("show", storage);
  return 0;
}

static void on_timeout(async_timeout_t *timer) {
  (void)timer;
  show(NULL);
}

static int in_two(void *arg) {
  show(arg);
  enter_with(storage, "entered in two");
  MUST(async_local_storage_snapshot_run(&one, show, NULL));
  show(arg);
  set_timeout(on_timeout, 1);
  return 0;
}

static int in_one(void *arg) {
  show(arg);
  MUST(async_local_storage_snapshot_run(&two, in_two, NULL));
  return show(arg);
}

static void take(void *snapshot) {
  MUST(
      async_local_storage_snapshot((async_local_storage_snapshot_t *)snapshot));
}

static int take_three(void *arg) {
  (void)arg;
  take(&three);
  return 0;
}

static void finish(void *snapshot) {
  async_local_storage_snapshot_finish(snapshot);
}

SCENARIO(als_snapshot_in_snapshot) {
  storage = make_storage();
  run_with(storage, "one", take, &one);
  run_with(storage, "two", take, &two);
  MUST(async_local_storage_snapshot_run(&one, in_one, NULL));
  MUST(async_local_storage_snapshot_run(&two, take_three, NULL));
  MUST(async_local_storage_snapshot_run(&three, show, NULL));
  show(NULL);
  scenario_at_end(finish, &one);
  scenario_at_end(finish, &two);
  scenario_at_end(finish, &three);
}
