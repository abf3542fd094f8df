#include "asyncscope/async_fail.h"
#include "scenario.h"

static async_local_storage_t *storage;
static async_bound_t bound;

static void on_uncaught(const char *message, void *data) {
  (void)data;
  trace_where(message);
  trace_store(message, storage);
}

static int fail(void *arg) {
  (void)arg;
  trace_store("in the function", storage);
  async_fail("failed");
  return 0;
}

static void bind_it(void *arg) {
  (void)arg;
  MUST(async_bind(fail, "BOUND", &bound));
}

static void on_immediate(async_immediate_t *immediate) {
  (void)immediate;
  MUST(async_bound_call(&bound, NULL));
}

static void caller(void *arg) {
  (void)arg;
  MUST(async_bound_call(&bound, NULL));
  if (async_catch(NULL)) {
    trace_where("caught");
    trace_store("caught", storage);
  }
  set_immediate(on_immediate);
}

static void finish(void *ended) {
  async_bound_finish(ended);
}

SCENARIO(bound_function_fails) {
  trace_start_without(" Immediate ");
  storage = make_storage();
  MUST(async_set_uncaught_exception_handler(on_uncaught, NULL));
  run_with(storage, "bound", bind_it, NULL);
  scenario_at_end(finish, &bound);
  run_with(storage, "caller", caller, NULL);
}
