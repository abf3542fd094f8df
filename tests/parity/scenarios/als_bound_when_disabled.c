#include "scenario.h"

static async_local_storage_t *storage;
static async_local_storage_bound_t outside, bound;
static async_local_storage_snapshot_t snapshot;
static async_resource_t *resource;

static void show(const char *text) {
  trace_store(text, storage);
}

static int on_call(void *text) {
  show(text);
  return 0;
}

static void call_bound(void *arg) {
  static char text[] = "bound";
  (void)arg;
  MUST(async_local_storage_bound_call(&bound, text));
}

static void call_outside(void) {
  static char text[] = "bound outside";
  MUST(async_local_storage_bound_call(&outside, text));
}

static void in_resource(void *arg) {
  (void)arg;
  show("resource");
}

static int in_snapshot(void *arg) {
  (void)arg;
  show("snapshot");
  run_with(storage, "three", call_bound, NULL);
  return 0;
}

static void in_two(void *arg) {
  (void)arg;
  call_bound(NULL);
  call_outside();
  enter_with(storage, "entered");
  run_in(resource, in_resource, NULL);
  show("entered");
  call_bound(NULL);
  MUST(async_local_storage_snapshot_run(&snapshot, in_snapshot, NULL));
}

static void in_one(void *arg) {
  (void)arg;
  MUST(async_local_storage_bind(&bound, on_call));
  MUST(async_local_storage_snapshot(&snapshot));
  resource = make_resource("R");
  run_with(storage, "two", in_two, NULL);
  show("one");
  async_local_storage_disable(storage);
  show("disabled");
  call_bound(NULL);
}

static void finish(void *arg) {
  async_local_storage_bound_finish(arg);
}

static void finish_snapshot(void *arg) {
  async_local_storage_snapshot_finish(arg);
}

SCENARIO(als_bound_when_disabled) {
  storage = make_storage();
  MUST(async_local_storage_bind(&outside, on_call));
  scenario_at_end(finish, &outside);
  scenario_at_end(finish, &bound);
  scenario_at_end(finish_snapshot, &snapshot);
  run_with(storage, "one", in_one, NULL);
  call_outside();
}
