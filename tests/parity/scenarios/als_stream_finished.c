#include "scenario.h"

static async_local_storage_t *storage;
static async_local_storage_bound_t bound;

static int on_finished(void *arg) {
  (void)arg;
  trace_store("finished", storage);
  return 0;
}

static void in_run(void *arg) {
  (void)arg;
  MUST(async_local_storage_bind(&bound, on_finished));
}

static void destroy_stream(void *arg) {
  (void)arg;
  MUST(async_local_storage_bound_call(&bound, NULL));
}

static void finish(void *arg) {
  async_local_storage_bound_finish(arg);
}

SCENARIO(als_stream_finished) {
  storage = make_storage();
  run_with(storage, "321", in_run, NULL);
  scenario_at_end(finish, &bound);
  next_tick(destroy_stream, NULL);
}
